// SPDX-License-Identifier: Apache-2.0
#include "core/help/html.h"

#include <fmt/format.h>

#include <sstream>

namespace netwright::help {
namespace {

std::string inlineHtml(const std::string& text, Kind from, const Href& href) {
  std::string out;
  for (const Span& span : spans(text, from)) {
    if (span.style == Span::Style::Code)
      out += "<code>" + escaped(span.text) + "</code>";
    else if (span.target)
      out += fmt::format("<a href=\"{}\">{}</a>", href(*span.target), escaped(span.text));
    else
      out += escaped(span.text);
  }
  return out;
}

std::string tableHtml(const Table& table, Kind from, const Href& href) {
  if (table.rows.empty()) return "";
  std::string out = "<table cellspacing=\"0\" cellpadding=\"4\"><tr>";
  for (const std::string& head : table.heads) out += "<th align=\"left\">" + escaped(head) + "</th>";
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (const std::string& cell : row) out += "<td>" + inlineHtml(cell, from, href) + "</td>";
    out += "</tr>\n";
  }
  return out + "</table>\n";
}

// The file's own place is kind/id.html.
std::string fromPage(const Entry& entry) { return "../" + entry.key() + ".html"; }
std::string fromTop(const Entry& entry) { return entry.key() + ".html"; }

std::string documentHtml(const std::string& title, const std::string& top, const std::string& body) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">\n<title>{0}</title><link rel=\"stylesheet\" "
      "href=\"{1}help.css\"></head>\n<body>{2}</body></html>\n",
      escaped(title), top, body);
}

constexpr const char* kStyle =
    R"css(:root { --text: #1d2129; --muted: #5a6372; --back: #ffffff; --soft: #f2f4f8; --line: #dde1e8; --link: #2459c4; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7ed; --muted: #9aa4b4; --back: #16181d; --soft: #21252d; --line: #343a45; --link: #82aaff; }
}
body { max-width: 52rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; color: var(--text); background: var(--back);
  font: 1rem/1.55 system-ui, sans-serif; }
h1 { margin: 1rem 0 0; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; } p { margin: .4rem 0; }
a { color: var(--link); } .side, .top { color: var(--muted); } .summary { font-size: 1.1rem; }
.formula, code { font-family: ui-monospace, monospace; font-size: .92em; }
.formula { background: var(--soft); padding: .6rem .9rem; border-radius: .4rem; overflow-x: auto; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th { color: var(--muted); font-weight: 600; }
td, th { padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
input { font: inherit; width: 100%; padding: .4rem .6rem; color: inherit; background: var(--soft); border: 1px solid var(--line);
  border-radius: .4rem; box-sizing: border-box; }
dt { margin-top: .4rem; } dd { margin: 0 0 0 1.2rem; color: var(--muted); }
)css";

// Hides what does not hold all words that are typed; without scripts the whole list stays.
constexpr const char* kFilter = R"js(<script>
document.querySelector('input').addEventListener('input', e => {
  const words = e.target.value.toLowerCase().split(/\s+/);
  for (const item of document.querySelectorAll('dl > div'))
    item.hidden = !words.every(w => item.textContent.toLowerCase().includes(w) || (item.dataset.names || '').includes(w));
  for (const list of document.querySelectorAll('section')) list.hidden = !list.querySelector('dl > div:not([hidden])');
});
</script>
)js";

std::string namesOf(const Entry& e) {
  std::string names = e.id + " " + e.kerasName;
  for (const std::string& word : e.words) names += " " + word;
  for (char& c : names) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return names;
}

std::string index() {
  std::string body =
      "<h1>Netwright help</h1>\n<p class=\"summary\">Every layer, loss, optimiser, schedule, metric, source of data "
      "and "
      "op.</p>\n<p><input placeholder=\"Search\" aria-label=\"Search\"></p>\n";
  std::string before;
  for (const Entry& e : entries()) {
    const std::string heading = plural(e.kind) + (e.group.empty() ? "" : ": " + e.group);
    if (heading != before) {
      body += before.empty() ? "" : "</dl></section>\n";
      body += "<section><h2>" + escaped(heading) + "</h2><dl>\n";
    }
    before = heading;
    body += fmt::format(
        "<div data-names=\"{}\"><dt><a href=\"{}\">{}</a> <span class=\"side\">{}</span></dt><dd>{}</dd></div>\n",
        escaped(namesOf(e)), fromTop(e), escaped(e.title), escaped(e.torchName), escaped(plainText(e.summary, e.kind)));
  }
  return documentHtml("Netwright help", "", body + "</dl></section>\n" + kFilter);
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string bodyHtml(const Page& page, const Href& href) {
  const Entry& e = *page.entry;
  std::string out = fmt::format("<h1>{}</h1>\n<p class=\"side\">{}</p>\n<p class=\"summary\">{}</p>\n",
                                escaped(e.title), escaped(sideText(e)), inlineHtml(e.summary, e.kind, href));
  if (!page.formula.empty()) {
    std::string lines;
    std::istringstream in(page.formula);
    for (std::string line; std::getline(in, line);) lines += (lines.empty() ? "" : "<br>") + escaped(line);
    out += "<p class=\"formula\">" + lines + "</p>\n";
  }
  for (const Section& section : page.sections) {
    out += "<h2>" + escaped(section.title) + "</h2>\n";
    if (section.list) out += "<ul>\n";
    for (const std::string& text : section.paragraphs)
      out += fmt::format("<{0}>{1}</{0}>\n", section.list ? "li" : "p", inlineHtml(text, e.kind, href));
    if (section.list) out += "</ul>\n";
    out += tableHtml(section.table, e.kind, href);
  }
  return out;
}

std::map<std::string, std::string> site() {
  std::map<std::string, std::string> files{{"index.html", index()}, {"help.css", kStyle}};
  for (const Entry& e : entries())
    files[e.key() + ".html"] =
        documentHtml(e.title + " - Netwright help", "../",
                     "<p class=\"top\"><a href=\"../index.html\">Help</a></p>\n" + bodyHtml(pageOf(e), fromPage));
  return files;
}

}  // namespace netwright::help
