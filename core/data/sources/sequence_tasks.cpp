// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/sequence_tasks.h"

#include <algorithm>
#include <span>

#include "core/data/letters.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/random.h"

namespace netwright::data {
namespace {

CounterRandom randomOf(const Attributes& params, int64_t sample) {
  return {static_cast<uint64_t>(whole(params, "seed")), Purpose::Data, static_cast<uint64_t>(sample)};
}

SourceSpec formula(const char* kind, const char* title, const char* doc, std::vector<ParamSpec> params) {
  SourceSpec spec;
  spec.kind = kind;
  spec.title = title;
  spec.doc = doc;
  spec.params = std::move(params);
  spec.params.insert(spec.params.begin(),
                     intParam("samples", 5000).min(2).max(1'000'000).withDoc("How many samples are made.").asMain());
  spec.params.push_back(intParam("seed", 0).min(0).withDoc("Chooses the random numbers."));
  spec.path = SourcePath::None;
  return spec;
}

std::vector<ColumnSpec> digitColumns(const SourceRequest& request) {
  ColumnSpec digits{.name = "digits", .dtype = DType::Int64, .shape = {whole(request.params, "length")}};
  digits.classes = {kPadding, "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  ColumnSpec answer = digits;
  answer.name = "answer";
  answer.role = Role::Target;
  return {std::move(digits), std::move(answer)};
}

SourceData makeDigits(const SourceRequest& request) {
  const int64_t samples = whole(request.params, "samples"), length = whole(request.params, "length");
  const auto least = static_cast<uint64_t>((length + 1) / 2);
  HostTensor digits(DType::Int64, {samples, length}), answer(DType::Int64, {samples, length});
  for (int64_t i = 0; i < samples; ++i) {
    CounterRandom random = randomOf(request.params, i);
    const size_t count = least + random.below(static_cast<uint64_t>(length) - least + 1);
    const auto row = [&](HostTensor& t) { return t.as<int64_t>().subspan(static_cast<size_t>(i * length), count); };
    for (int64_t& digit : row(digits)) digit = 1 + static_cast<int64_t>(random.below(10));  // 0 is the filler
    std::copy_n(row(digits).begin(), count, row(answer).begin());
    if (text(request.params, "order") == "sorted")
      std::sort(row(answer).begin(), row(answer).end());
    else
      std::reverse(row(answer).begin(), row(answer).end());
  }
  SourceData data;
  data.train = memoryDataset(digitColumns(request), {std::move(digits), std::move(answer)});
  return data;
}

std::vector<ColumnSpec> addingColumns(const SourceRequest& request) {
  return {{.name = "x", .shape = {whole(request.params, "length"), 2}, .entries = {"number", "mark"}},
          {.name = "y", .shape = {1}, .role = Role::Target}};
}

SourceData makeAdding(const SourceRequest& request) {
  const int64_t samples = whole(request.params, "samples"), length = whole(request.params, "length");
  HostTensor x(DType::Float32, {samples, length, 2}), y(DType::Float32, {samples, 1});
  for (int64_t i = 0; i < samples; ++i) {
    CounterRandom random = randomOf(request.params, i);
    const std::span<float> row =
        x.as<float>().subspan(static_cast<size_t>(i * length * 2), static_cast<size_t>(length * 2));
    for (size_t step = 0; step < row.size(); step += 2) row[step] = static_cast<float>(random.uniform());
    const uint64_t half = static_cast<uint64_t>(length) / 2;
    const size_t first = random.below(half), second = half + random.below(static_cast<uint64_t>(length) - half);
    row[2 * first + 1] = row[2 * second + 1] = 1;
    y.as<float>()[static_cast<size_t>(i)] = row[2 * first] + row[2 * second];
  }
  SourceData data;
  data.train = memoryDataset(addingColumns(request), {std::move(x), std::move(y)});
  return data;
}

}  // namespace

SourceSpec digitOrderSource() {
  SourceSpec spec =
      formula("digit_order", "Digits in order",
              "Rows of digits, and the same digits in another order: a small task from sequence to sequence.",
              {choiceParam("order", {"sorted", "reversed"}).withDoc("How the digits of the answer stand.").asMain(),
               intParam("length", 8)
                   .min(2)
                   .max(1000)
                   .withUnit("digits")
                   .withDoc("Digits of the longest rows; the shortest have half as many.")
                   .asMain()});
  spec.open = makeDigits;
  spec.describe = digitColumns;
  return spec;
}

SourceSpec addingSource() {
  SourceSpec spec = formula(
      "adding", "Adding problem",
      "Sequences of random numbers of which two are marked; to be told is their sum. A test of how far a network "
      "remembers.",
      {intParam("length", 50).min(2).max(100'000).withUnit("steps").withDoc("Steps of a sequence.").asMain()});
  spec.open = makeAdding;
  spec.describe = addingColumns;
  return spec;
}

}  // namespace netwright::data
