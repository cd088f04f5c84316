package import Config
package import PoseCore

extension MergeRules {
  /// What the merge of experiments must know: `augment` and `metrics` are lists of named components, and a name alone
  /// stands for a mapping.
  package static func experiment(_ registry: Registry) -> MergeRules {
    var rules = MergeRules()
    rules.alternatives = ["data": ["synth", "mix"]]
    rules.namedLists = ["augment", "metrics"]
    rules.shorthand = { path in
      switch path {
      case "model": "extends"
      case "loss", "model.backbone", "model.neck", "model.head", "train.optimizer", "train.schedule": "type"
      default: path.hasPrefix("loss.") ? "type" : nil
      }
    }
    @Sendable func parameters(_ list: String, _ name: String) -> [ParameterDeclaration]? {
      list == "augment"
        ? registry.augmentations.find(name)?.parameters : registry.metrics.find(name)?.parameters
    }
    rules.canonicalName = { list, name in
      (list == "augment" ? registry.augmentations.find(name)?.name : registry.metrics.find(name)?.name)
        ?? name
    }
    rules.argumentNames = { list, element, argument in
      let declared = parameters(list, element)?.first { $0.name == argument || $0.aliases.contains(argument) }
      return declared.map { [$0.name] + $0.aliases } ?? [argument]
    }
    rules.place = { list, key in
      guard list == "augment", Setting.at("augment.\(key)") != nil else { return nil }
      let place = AugmentationOptions.place(of: key)
      return (place.component, place.argument)
    }
    rules.placeKeys = { $0 == "augment" ? Setting.section("augment").map(\.key) : [] }
    return rules
  }
}
