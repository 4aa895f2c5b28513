import { Option } from "@featuremap/tensor";
import { type KnownClasses, objectOption } from "../config/object-option.ts";
import { LearningRateSchedule } from "./learning-rate-schedule.ts";

type Rate = number | LearningRateSchedule;

const constant = Option.nonNegative();

/** A learning rate, or the schedule that gives it for each step. @param known the schedules that configs may hold */
export function rateOption(known: () => KnownClasses<LearningRateSchedule>): Option<Rate> {
  const expected = "a number of at least 0, or a LearningRateSchedule";
  const schedule = objectOption(expected, LearningRateSchedule, known);
  return new Option<Rate>({
    check: (owner, name, given: Rate) =>
      typeof given === "number" ? constant.check(owner, name, given) : schedule.check(owner, name, given),
    read: (saved, key) => (typeof saved.take(key) === "number" ? constant : schedule).kind.read(saved, key),
    write: (value) => (typeof value === "number" ? value : schedule.kind.write(value)),
  });
}
