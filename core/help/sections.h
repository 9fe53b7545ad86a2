// SPDX-License-Identifier: Apache-2.0
// The parts that pages of several kinds share. Used by page.cpp and the files of each kind.
#pragma once

#include <string>
#include <vector>

#include "core/base/param_spec.h"
#include "core/help/page.h"
#include "core/program/program.h"

namespace netwright::help {

// Adds sections to a page; leaves out those that would be empty.
class PageBuilder {
 public:
  explicit PageBuilder(const Entry& entry) { page_.entry = &entry; }
  void formula(std::string text) { page_.formula = std::move(text); }
  void add(Section section);
  void words();  // the paragraphs beside the code
  void pitfalls();
  void parameters(const std::vector<ParamSpec>& params);
  void seeAlso(std::vector<std::string> more = {});  // keys; what the words name comes first
  Page take() { return std::move(page_); }

 private:
  Page page_;
};

std::string code(const std::string& text);  // marked as code; empty for empty
std::string link(const std::string& key);   // "[layer/conv2d]"
std::string joinedLinks(const std::vector<std::string>& keys);

// For each format that holds a network: whether it can write these ops, or why not. Nothing for what only training
// does.
Section exportsOf(const program::Program& program, std::vector<const program::Op*> ops);

Page layerPage(const Entry& entry);
Page opPage(const Entry& entry);

}  // namespace netwright::help
