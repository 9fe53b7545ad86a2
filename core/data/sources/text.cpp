// SPDX-License-Identifier: Apache-2.0
#include "core/data/sources/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/letters.h"
#include "core/data/memory_dataset.h"
#include "core/data/params.h"
#include "core/data/sources/byte_source.h"
#include "core/data/sources/file_sets.h"
#include "core/data/sources/text_encoding.h"

namespace netwright::data {
namespace {

struct Text {
  std::string file, note;
  std::vector<uint16_t> numbers;  // of each letter
  std::vector<std::string> names;
  int64_t length() const { return static_cast<int64_t>(numbers.size()); }
};

struct Window {
  int64_t length, stride;
};

Window windowOf(const Attributes& params) { return {whole(params, "length"), whole(params, "stride")}; }

std::vector<ColumnSpec> columnsOf(const std::vector<std::string>& names, const Window& window) {
  ColumnSpec x{.name = "x", .dtype = DType::Int64, .shape = {window.length}, .classes = names};
  ColumnSpec next = x;
  next.name = "next";
  next.role = Role::Target;
  next.follows = "x";
  return {std::move(x), std::move(next)};
}

// Windows are not stored: each is a piece of the text.
class TextDataset final : public Dataset {
 public:
  TextDataset(Text text, Window window)
      : text_(std::move(text)), window_(window), columns_(columnsOf(text_.names, window)) {}

  const std::vector<ColumnSpec>& columns() const override { return columns_; }
  int64_t size() const override { return (text_.length() - window_.length - 1) / window_.stride + 1; }
  bool inMemory() const override { return true; }
  SampleNames sampleNames() const override {
    return [file = text_.file, w = window_](int64_t sample) {
      return fmt::format("the letters from {} to {} of {}", grouped(sample * w.stride + 1),
                         grouped(sample * w.stride + w.length), file);
    };
  }

  void read(std::span<const int64_t> samples, Batch& out) const override {
    shapeBatch(columns_, samples, out);
    for (size_t i = 0; i < samples.size(); ++i) {
      assert(samples[i] >= 0 && samples[i] < size());
      const auto first = text_.numbers.begin() + samples[i] * window_.stride;
      for (const int64_t on : {0, 1})
        std::copy_n(first + on, window_.length,
                    out.columns[static_cast<size_t>(on)].tensor.as<int64_t>().begin() +
                        static_cast<std::ptrdiff_t>(i) * window_.length);
    }
  }

 private:
  Text text_;
  Window window_;
  std::vector<ColumnSpec> columns_;
};

// A line ends in one letter, whatever system wrote the file.
std::string withPlainLines(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\r' || i + 1 == text.size() || text[i + 1] != '\n') plain += text[i];
  return plain;
}

Text readText(const SourceRequest& request) {
  const std::filesystem::path path = findSets(request.path, {".txt", ".txt.gz"}).train;
  Text text;
  text.file = path.filename().string();
  const std::string& name = data::text(request.params, "encoding");
  DecodedText decoded = decodeText(readBytes(path, memoryLimit()), encodingFromName(name), text.file);
  if (name == "utf-8")
    if (const auto wrong = firstNonUtf8(decoded.text))
      failInput(fmt::format("{}, byte {}: this is not UTF-8.", text.file, grouped(static_cast<int64_t>(*wrong) + 1)),
                "", "Set encoding to detect or latin-1, or save the file as UTF-8.");
  text.note = std::move(decoded.note);
  const std::string content = withPlainLines(decoded.text);
  Alphabet alphabet;
  alphabet.add(content);
  alphabet.requireText(text.file);
  const LetterNumbers numbers = alphabet.numbers();
  for (const std::string_view letter : letters(content))
    text.numbers.push_back(static_cast<uint16_t>(numbers.find(letter)->second));
  text.names = alphabet.names();
  const int64_t length = whole(request.params, "length");
  if (text.length() <= length)
    failInput(fmt::format("{} has {} letters, but a window of {} and the letter after it need {}.", text.file,
                          grouped(text.length()), grouped(length), grouped(length + 1)),
              "", "Set length lower, or choose a longer text.");
  return text;
}

SourceData open(const SourceRequest& request) {
  const Window window = windowOf(request.params);
  Text text = readText(request);
  SourceData data;
  if (!text.note.empty()) data.notes.push_back(text.note);
  data.series = true;
  data.gap = window.length / window.stride;
  data.train = std::make_shared<TextDataset>(std::move(text), window);
  return data;
}

std::vector<ColumnSpec> describe(const SourceRequest& request) {
  return columnsOf(readText(request).names, windowOf(request.params));
}

}  // namespace

SourceSpec textSource() {
  SourceSpec spec;
  spec.kind = "text";
  spec.title = "Text";
  spec.doc =
      "A text file, read letter by letter and cut into windows: the network sees each letter and those before it and "
      "predicts the next. Split by place: first training, then validation, then test.";
  spec.params = {intParam("length", 64)
                     .min(1)
                     .max(1'000'000)
                     .withUnit("letters")
                     .withDoc("What the network sees at once.")
                     .asMain(),
                 intParam("stride", 32)
                     .min(1)
                     .max(1'000'000)
                     .withUnit("letters")
                     .withDoc("From the start of a window to the next; less than length lets them overlap."),
                 choiceParam("encoding", {"detect", "utf-8", "utf-16", "latin-1"})
                     .withDoc("How letters are stored; detect takes UTF-8 if the file is that, else Latin-1.")};
  spec.open = open;
  spec.describe = describe;
  spec.path = SourcePath::FileOrFolder;
  return spec;
}

}  // namespace netwright::data
