// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are shown to a network on the Try page: pictures, arrays, rows of numbers.
#include <QFileDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QRegularExpression>
#include <QStackedWidget>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/sources/npy.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/try_canvas.h"
#include "widgets/panels/try_form.h"
#include "widgets/panels/try_page.h"

namespace netwright::panels {
namespace {

constexpr qint64 kMostBytes = 32 << 20;

QStringList cells(const QString& line, QChar separator) {
  QStringList all;
  for (QString cell : line.split(separator)) {
    cell = cell.trimmed();
    if (cell.size() >= 2 && cell.startsWith('"') && cell.endsWith('"')) cell = cell.mid(1, cell.size() - 2);
    all << cell;
  }
  return all;
}

QChar separatorOf(const QString& line) {
  for (const QChar c : {QChar('\t'), QChar(';'), QChar(',')})
    if (line.contains(c)) return c;
  return ' ';
}

bool isNumber(const QString& text) {
  bool ok = false;
  text.toDouble(&ok);
  return ok;
}

// The elements of an array, if it is one sample of this column, with or without a batch of one before it.
HostTensor oneSample(const std::string& file, const data::ColumnSpec& column) {
  const std::string bytes = readFile(file);
  HostTensor read = data::toTensor(data::parseNpy(bytes, file), column.dtype);
  const int64_t wanted = elementCount(column.shape);
  if (read.count() != wanted)
    failInput("The array has " + std::to_string(read.count()) + " numbers.",
              "One sample of '" + column.name + "' has " + std::to_string(wanted) + ".",
              "Save one sample, as the data source has it.");
  read.shape = column.shape;
  read.shape.insert(read.shape.begin(), 1);
  return read;
}

}  // namespace

void TryPage::chooseFile() {
  const QString file =
      QFileDialog::getOpenFileName(this, tr("Show the network a file"), {},
                                   tr("Pictures, arrays, sounds and numbers (*.png *.jpg *.jpeg *.bmp *.gif "
                                      "*.webp *.npy *.txt *.csv *.tsv *.wav);;All files (*)"));
  if (!file.isEmpty()) openFile(file);
}

void TryPage::openFile(const QString& file) {
  if (!model_.network()) return;
  try {
    if (QFileInfo(file).size() > kMostBytes)
      failInput("The file has " + std::to_string(QFileInfo(file).size() >> 20) + " MiB.",
                "A sample of at most 32 MiB can be shown to the network.", "Choose a smaller file.");
    take(file);
  } catch (const Error& e) {
    report(bridge::messageOf(e));
  }
}

void TryPage::take(const QString& file) {
  const bridge::TryNetwork& network = *model_.network();
  const QString suffix = QFileInfo(file).suffix().toLower();
  if (suffix == "npy") {
    std::vector<HostTensor> values = network.blank().values;
    const auto& columns = network.columns();
    for (size_t i = 0; i < columns.size(); ++i)
      if (columns[i].role == data::Role::Feature) {
        values[i] = oneSample(file.toStdString(), columns[i]);
        if (network.picture()) return canvas_->showValues(values[network.picture()->column]);
        if (!network.fields().empty()) return form_->showValues(values);
        truth_.clear();
        sample_ = std::move(values);
        return ask();
      }
  }
  if (suffix == "wav" && network.hears()) {
    truth_.clear();
    sample_ = network.soundValues(file.toStdString());
    sampleName_->setFullText(QFileInfo(file).fileName());
    return ask();
  }
  if (network.picture()) {
    QImageReader reader(file);
    reader.setAutoTransform(true);
    const QImage image = reader.read();
    if (image.isNull())
      failInput("The picture could not be read.", reader.errorString().toStdString(),
                "Choose a PNG or JPEG picture, or an array (.npy).");
    return canvas_->showImage(image);
  }
  if (network.fields().empty())
    failInput("This file cannot be shown to this network.",
              network.hears() ? "It reads sounds." : "It reads arrays of the source's own values.",
              network.hears() ? "Choose a sound (.wav)." : "Choose an array (.npy).");
  const QStringList lines =
      QString::fromStdString(readFile(file.toStdString())).split(QRegularExpression("[\r\n]+"), Qt::SkipEmptyParts);
  if (lines.isEmpty())
    failInput("The file is empty.", "", "Put a row of numbers into it, with or without their names.");
  const QStringList first = cells(lines[0], separatorOf(lines[0]));
  const bool header = lines.size() > 1 && !std::any_of(first.begin(), first.end(), isNumber);
  if (!header) return form_->fillIn(first);
  const QStringList row = cells(lines[1], separatorOf(lines[0]));
  QMap<QString, QString> words;
  for (qsizetype i = 0; i < std::min(first.size(), row.size()); ++i) words[first[i]] = row[i];
  const QStringList unknown = form_->fillIn(words);
  if (unknown.size() == words.size())
    failInput("None of the file's columns is one of the network's.",
              "The file has " + first.join(", ").toStdString() + ".", "Choose a table with the columns of the data.");
}

}  // namespace netwright::panels
