// SPDX-License-Identifier: GPL-3.0-or-later
// A run's network as a person asks it: what it wants to be told, how that is prepared, and what its answer means.
// Made on a pool thread, then immutable.
#pragma once

#include <QString>
#include <QStringList>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/data/data_config.h"
#include "core/project/prepare.h"

namespace netwright::bridge {

// One thing to fill in: a number, one of several words, or a text. A category that is one-hot takes several entries.
struct TryField {
  QString name;
  size_t column = 0;       // of the source
  int64_t entry = 0;       // first one in the row of the column
  QStringList choices;     // of a category; empty: a number or a text
  bool oneHot = false;     // else the number of the choice
  int64_t letters = 0;     // so many the network reads of a text; 0: no text
  bool continues = false;  // the network tells how the text goes on, and reads its end
};

// The pictures of a data set: how large what is drawn is, what is background, which values there are.
struct TryPicture {
  size_t column = 0;
  int channels = 1, width = 0, height = 0;
  double extent = 0.75;  // of the longer side of what is drawn, as a share of the picture
  bool lightOnDark = true;
  double low = 0, high = 255;
};

struct TryAnswer {
  QString name;                // of the output
  QStringList classes;         // empty: numbers
  std::vector<double> values;  // probabilities of the classes, or numbers
  QString text;                // a whole text; then classes and values tell each of its letters, from first to last
  bool continues = false;      // the classes are letters, one of which comes next
  int best() const;            // the likeliest class; -1 for numbers
};

class TryNetwork {
 public:
  // The project as it was trained, and what its transforms learnt. Throws Error.
  static std::shared_ptr<const TryNetwork> load(const std::filesystem::path& folder, const std::string& run);

  const std::optional<TryPicture>& picture() const { return picture_; }  // if the only feature is one
  const std::vector<TryField>& fields() const { return fields_; }        // if all features are few numbers or words
  const std::vector<data::ColumnSpec>& columns() const { return source_.train->columns(); }  // of the source
  QStringList splits() const;  // "test", "validation", "train": those that have samples
  int64_t splitSize(const QString& split) const;
  // A sample's own values, one tensor for each column of the source, and what it is.
  struct Sample {
    std::vector<HostTensor> values;
    QString name, truth;
  };
  Sample sample(const QString& split, int64_t place) const;
  Sample blank() const;  // nothing filled in: numbers are NaN, texts are empty, pictures are background
  // A text as the network reads it, and back. Throws Error{Input} for a letter that it does not know.
  HostTensor textValue(const TryField& field, const QString& text) const;
  QString textOf(const TryField& field, const HostTensor& value) const;
  QString letter(size_t number) const;  // of the texts that the network continues
  // A sound file as the network hears it, one tensor for each column. Throws Error{Input}.
  std::vector<HostTensor> soundValues(const std::string& file) const;
  bool hears() const { return project_.data.source == "sounds"; }

  // For the engine. Throws Error{Input} that says what is to be filled in.
  std::vector<NamedTensor> inputs(const std::vector<HostTensor>& values) const;
  TryAnswer answer(const std::vector<NamedTensor>& asked, const std::vector<NamedTensor>& outputs) const;

 private:
  void findPicture();
  void findFields();
  int told() const;
  std::string comparedOutput(size_t loss) const;  // the output that it compares; empty: none
  const data::ColumnSpec* target() const;         // that of the first such loss; null: none
  bool tellText(const HostTensor& scores, const std::vector<NamedTensor>& asked, TryAnswer& told) const;
  project::Project project_;
  project::Prepared prepared_;
  data::DataSplits source_;
  data::Fitted fitted_;
  std::vector<data::ColumnSpec> columns_;  // the columns after the transforms
  std::vector<size_t> features_;           // columns of the source that the network reads
  std::optional<TryPicture> picture_;
  std::vector<TryField> fields_;
};

}  // namespace netwright::bridge
