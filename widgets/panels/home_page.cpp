// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/home_page.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "core/project/project.h"
#include "widgets/bridge/background.h"
#include "widgets/bridge/changelog.h"
#include "widgets/bridge/data_facts.h"
#include "widgets/bridge/template_facts.h"
#include "widgets/panels/message_banner.h"
#include "widgets/panels/parts.h"
#include "widgets/panels/recent_list.h"
#include "widgets/panels/template_card.h"
#include "widgets/panels/tutorial_card.h"
#include "widgets/theme/metrics.h"
#include "widgets/theme/theme.h"

namespace netwright::panels {
namespace {

constexpr int kWidest = 1080, kCardHeight = 286, kColumns = 4;
constexpr std::array kDigits{3, 7, 2, 4, 0, 9};

}  // namespace

HomePage::HomePage(QWidget* parent)
    : QWidget(parent),
      topics_(new QVBoxLayout),
      recent_(new RecentList),
      recentTitle_(label(tr("Recent projects"), "heading")),
      news_(makeNews()),
      tutorials_(new QHBoxLayout) {
  auto* content = new QWidget;
  content->setMaximumWidth(kWidest);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, theme::kSpaceXl, 0, theme::kSpaceXl);
  column->setSpacing(theme::kSpace);
  column->addWidget(makeHeader());
  column->addWidget(news_);
  tutorials_->setSpacing(theme::kSpaceLarge);
  column->addLayout(tutorials_);
  column->addSpacing(theme::kSpaceXs);
  column->addWidget(recentTitle_);
  column->addWidget(recent_);
  column->addSpacing(theme::kSpaceXs);
  column->addWidget(label(tr("Start from a template"), "heading"));
  topics_->setSpacing(theme::kSpace);
  column->addLayout(topics_);
  column->addStretch();
  connect(recent_, &RecentList::openRequested, this, &HomePage::openRequested);
  connect(recent_, &RecentList::emptied, recentTitle_, &QWidget::setHidden);

  auto* centred = new QWidget;
  auto* sides = new QHBoxLayout(centred);
  sides->setContentsMargins(theme::kSpaceXl * 2, 0, theme::kSpaceXl * 2, 0);
  sides->addStretch();
  sides->addWidget(content, 1000);
  sides->addStretch();
  auto* scroll = new QScrollArea;
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setWidget(centred);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(scroll);
  topics_->addSpacing(kCardHeight);  // the place of the cards until they are there
}

QWidget* HomePage::makeHeader() {
  auto* header = new QWidget;
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(theme::kSpaceLarge);
  row->addWidget(new IconLabel("netwright", theme::IconRole::Accent, 48));
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(label(tr("Draw a network, watch it learn, take it anywhere."), "title"));
  words->addWidget(
      label(tr("Choose a template: it comes with data and is ready to train. Or drop a project or a table (CSV) here."),
            "muted"));
  row->addLayout(words, 1);
  QPushButton* open = button(tr("Open folder…"), "folder");
  open->setObjectName("open-folder");
  open->setToolTip(tr("Open the folder of a project (Ctrl+O)"));
  connect(open, &QPushButton::clicked, this, &HomePage::browseRequested);
  row->addWidget(open);
  return header;
}

// One line, until it was read or closed, once for each version.
QWidget* HomePage::makeNews() {
  auto* news = new MessageBanner;
  news->setObjectName("news");
  QPushButton* see = news->addButton(tr("See what is new"));
  see->setObjectName("see-news");
  connect(see, &QPushButton::clicked, this, &HomePage::newsRequested);
  connect(news, &MessageBanner::dismissed, this, [] { bridge::markNewsSeen(); });
  return news;
}

void HomePage::refresh() {
  recent_->reload();
  for (TutorialCard* card : findChildren<TutorialCard*>()) card->refresh();
  auto* news = static_cast<MessageBanner*>(news_);
  const QVector<bridge::Release> releases = bridge::releasesOf(bridge::kChangelog);
  if (!bridge::areNewsUnseen() || releases.isEmpty()) return news->dismiss();
  news->showMessage(
      MessageBanner::Kind::Info,
      {tr("Version %1 brings %2 changes.").arg(NETWRIGHT_VERSION).arg(releases.front().lines.size()), {}, {}});
}

void HomePage::addTutorials() {
  try {
    for (const bridge::Tutorial& tutorial : bridge::tutorials()) {
      auto* card = new TutorialCard(tutorial);
      connect(card, &TutorialCard::clicked, this, [this, id = tutorial.id] { Q_EMIT tutorialRequested(id); });
      tutorials_->addWidget(card, 1);
    }
  } catch (const Error& e) {
    Q_EMIT failed(bridge::messageOf(e));
  }
}

void HomePage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refresh();
  if (filled_) return;
  filled_ = true;
  QTimer::singleShot(0, this, [this] {
    addTemplates();
    addTutorials();
  });
}

void HomePage::addTemplates() {
  try {
    delete topics_->takeAt(0);
    for (const project::Topic& topic : project::topics()) addTopic(topic);
  } catch (const Error& e) {
    Q_EMIT failed(bridge::messageOf(e));
    return;
  }
  bridge::inBackground(
      this, [] { return bridge::templateFacts(); },
      [this](const QVector<bridge::TemplateFacts>& facts) {
        for (const bridge::TemplateFacts& f : facts)
          if (auto* card = findChild<TemplateCard*>("template-" + f.id)) card->setFacts(f);
        loadDigits();
      },
      [this](const bridge::Message& problem) { Q_EMIT failed(problem); });
}

void HomePage::addTopic(const project::Topic& topic) {
  topics_->addWidget(label(QString::fromStdString(topic.title), "muted"));
  auto* cards = new QGridLayout;
  cards->setSpacing(theme::kSpaceLarge);
  for (int column = 0; column < kColumns; ++column) cards->setColumnStretch(column, 1);
  int place = 0;
  for (const project::Template& t : topic.templates) {
    auto* card = new TemplateCard(t);
    connect(card, &TemplateCard::clicked, this, [this, card] { Q_EMIT templateChosen(card->templateId()); });
    cards->addWidget(card, place / kColumns, place % kColumns);
    ++place;
  }
  for (; place < kColumns; ++place) cards->addItem(new QSpacerItem(1, 1), 0, place);  // columns of all topics agree
  topics_->addLayout(cards);
}

void HomePage::loadDigits() {
  bridge::inBackground(
      this, [] { return bridge::sampleDigits(); },
      [this](const QVector<bridge::SamplePicture>& digits) {
        const QList<TemplateCard*> cards = findChildren<TemplateCard*>();
        for (int i = 0; i < cards.size() && !digits.isEmpty(); ++i)
          if (cards[i]->takesDigits())
            cards[i]->setDigit(digits[kDigits[static_cast<size_t>(i) % kDigits.size()] % digits.size()]);
      },
      [](const bridge::Message&) {});  // the cards stay without pictures
}

}  // namespace netwright::panels
