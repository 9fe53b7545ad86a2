// SPDX-License-Identifier: Apache-2.0
#include "core/run/schedule_spec.h"

namespace netwright::run::builtin {
namespace {

class Constant final : public SimpleCourse {
 public:
  Constant(const Attributes&, int64_t) {}

 private:
  double next(Rates& rates) override { return rates.rate; }
};

}  // namespace

ScheduleSpec constant() {
  return {"constant", "Constant", "", "The learning rate stays as it is.", {}, courseOf<Constant>()};
}

}  // namespace netwright::run::builtin
