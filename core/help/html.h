// SPDX-License-Identifier: Apache-2.0
// Help pages as HTML: a body for the window's text browser, and a folder of files without outside resources that any
// browser shows, light or dark.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/help/page.h"

namespace netwright::help {

using Href = std::function<std::string(const Entry&)>;

std::string escaped(const std::string& text);
// Headings, paragraphs, tables and links, in the few elements and classes that Qt's rich text knows: h1, h2, p, ul,
// table, code, a; p.side, p.summary, p.formula, th.
std::string bodyHtml(const Page& page, const Href& href);

// Every page, the index and the style, by path in the folder: "index.html", "layer/conv2d.html", "help.css".
std::map<std::string, std::string> site();

}  // namespace netwright::help
