// SPDX-License-Identifier: Apache-2.0
// Numbers and names as people read them. Used by diagnostics, the command line and the window.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace netwright {

std::string grouped(int64_t value);        // 421642 -> "421,642"
std::string shortCount(double value);      // 421642 -> "421.6 k", 3.2e9 -> "3.2 G"
std::string byteText(double bytes);        // 1653760 -> "1.7 MB"
std::string durationText(double seconds);  // 6.14 -> "6.1 s", 75 -> "1:15", 4000 -> "1:06:40"
// The candidate with the smallest edit distance; empty if there are none.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);
std::vector<std::string> words(const std::string& text);  // "a, b c" -> a, b, c
std::string joined(const std::vector<std::string>& items, const std::string& separator);

}  // namespace netwright
