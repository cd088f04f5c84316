public import Tensor

/// The kinds of components that specs name.
extension Registry {
  public var layers: ComponentTable<LayerContext, BuiltLayer> {
    get { self["layer"] }
    set { self["layer"] = newValue }
  }

  public var backbones: ComponentTable<FeatureContext, any FeatureExtractor> {
    get { self["backbone"] }
    set { self["backbone"] = newValue }
  }

  public var necks: ComponentTable<FeatureContext, any FeatureExtractor> {
    get { self["neck"] }
    set { self["neck"] = newValue }
  }

  public var heads: ComponentTable<HeadContext, any PoseHead> {
    get { self["head"] }
    set { self["head"] = newValue }
  }

  public var losses: ComponentTable<LossContext, any PoseLoss> {
    get { self["loss"] }
    set { self["loss"] = newValue }
  }

  public var augmentations: ComponentTable<AugmentationBuildContext, any Augmentation> {
    get { self["augmentation"] }
    set { self["augmentation"] = newValue }
  }

  public var metrics: ComponentTable<MetricContext, any Metric> {
    get { self["metric"] }
    set { self["metric"] = newValue }
  }

  public var engines: ComponentTable<Void, any Engine> {
    get { self["engine"] }
    set { self["engine"] = newValue }
  }

  public var optimizers: ComponentTable<OptimizerContext, any Optimizer> {
    get { self["optimizer"] }
    set { self["optimizer"] = newValue }
  }

  public var schedules: ComponentTable<ScheduleContext, any Schedule> {
    get { self["schedule"] }
    set { self["schedule"] = newValue }
  }
}
