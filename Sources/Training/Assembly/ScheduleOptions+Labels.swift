internal import Data

extension ScheduleOptions {
  var badLabels: IndexOptions.BadLabels { skipBad ? .skip : .fail }
}
