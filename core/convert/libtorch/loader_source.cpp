// SPDX-License-Identifier: Apache-2.0
#include "core/convert/libtorch/loader_source.h"

namespace netwright::convert::libtorch {

std::string loaderSource() {
  return R"cpp(namespace {

               // A tensor in a safetensors file: 8 bytes with the length of a header in JSON, the header, and the
               // numbers.
               struct Entry {
                 std::string type;
                 std::vector<std::int64_t> shape;
                 std::uint64_t begin = 0, end = 0;
               };

               // Reads what the format allows of JSON, and nothing else.
               class HeaderReader {
                public:
                 HeaderReader(const std::string& text, const std::string& path) : text_(text), path_(path) {}

                 std::map<std::string, Entry> read() {
                   std::map<std::string, Entry> entries;
                   object([&](const std::string& name) {
                     if (name == "__metadata__") return object([&](const std::string&) { string(); });
                     Entry entry;
                     object([&](const std::string& key) {
                       if (key == "dtype") {
                         entry.type = string();
                       } else if (key == "shape") {
                         list([&] { entry.shape.push_back(static_cast<std::int64_t>(number())); });
                       } else if (key == "data_offsets") {
                         std::vector<std::uint64_t> places;
                         list([&] { places.push_back(number()); });
                         if (places.size() != 2) fail();
                         entry.begin = places[0];
                         entry.end = places[1];
                       } else {
                         fail();
                       }
                     });
                     if (!entries.emplace(name, std::move(entry)).second) fail();
                   });
                   space();
                   if (at_ != text_.size()) fail();
                   return entries;
                 }

                private:
                 [[noreturn]] void fail() const { throw std::runtime_error(path_ + " has a damaged header."); }

                 void space() {
                   while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
                     ++at_;
                 }
                 char next() {
                   if (at_ >= text_.size()) fail();
                   return text_[at_++];
                 }
                 void expect(char wanted) {
                   space();
                   if (next() != wanted) fail();
                 }
                 bool accept(char wanted) {
                   space();
                   if (at_ >= text_.size() || text_[at_] != wanted) return false;
                   ++at_;
                   return true;
                 }

                 template <class Item>
                 void items(char open, char close, Item item) {
                   expect(open);
                   if (accept(close)) return;
                   do item();
                   while (accept(','));
                   expect(close);
                 }
                 template <class Member>
                 void object(Member member) {
                   items('{', '}', [&] {
                     const std::string key = string();
                     expect(':');
                     member(key);
                   });
                 }
                 template <class Item>
                 void list(Item item) {
                   items('[', ']', item);
                 }

                 std::uint64_t number() {
                   space();
                   std::uint64_t value = 0;
                   const std::size_t begin = at_;
                   for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
                     if (value > (UINT64_MAX >> 1) / 10 - 1) fail();
                     value = value * 10 + static_cast<std::uint64_t>(text_[at_] - '0');
                   }
                   if (at_ == begin) fail();
                   return value;
                 }

                 std::string string() {
                   expect('"');
                   std::string out;
                   for (char c = next(); c != '"'; c = next()) out += c == '\\' ? escape() : std::string(1, c);
                   return out;
                 }
                 std::string escape() {
                   switch (const char c = next()) {
                     case 'n':
                       return "\n";
                     case 't':
                       return "\t";
                     case 'r':
                       return "\r";
                     case 'b':
                       return "\b";
                     case 'f':
                       return "\f";
                     case 'u': {
                       unsigned code = 0;
                       for (int i = 0; i < 4; ++i) {
                         const char d = next();
                         if (!std::isxdigit(static_cast<unsigned char>(d))) fail();
                         code = code * 16 + static_cast<unsigned>(d <= '9' ? d - '0' : (d | 32) - 'a' + 10);
                       }
                       if (code >= 0xD800 && code < 0xE000) fail();
                       std::string out;
                       if (code >= 0x800) out += static_cast<char>(0xE0 | (code >> 12));
                       if (code >= 0x80) out += static_cast<char>(code >= 0x800 ? 0x80 | ((code >> 6) & 63) : 0xC0 | (code >> 6));
                       return out + static_cast<char>(code >= 0x80 ? 0x80 | (code & 63) : code);
                     }
                     default:
                       if (c != '"' && c != '\\' && c != '/') fail();
                       return std::string(1, c);
                   }
                 }

                 const std::string& text_;
                 const std::string& path_;
                 std::size_t at_ = 0;
               };

               // Copies every tensor of the file into the module's tensor of that name. Both must have the very same
               // ones.
               void loadSafetensors(torch::nn::Module& module, const std::string& path) {
                 std::ifstream in(path, std::ios::binary | std::ios::ate);
                 if (!in) throw std::runtime_error(path + " cannot be opened.");
                 const auto size = static_cast<std::uint64_t>(in.tellg());
                 in.seekg(0);
                 unsigned char lead[8] = {};
                 std::uint64_t length = 0;
                 if (size >= 8) in.read(reinterpret_cast<char*>(lead), 8);
                 for (int i = 7; i >= 0; --i) length = length * 256 + lead[i];
                 if (size < 8 || length > size - 8) throw std::runtime_error(path + " is no safetensors file.");
                 std::string header(static_cast<std::size_t>(length), ' ');
                 in.read(header.data(), static_cast<std::streamsize>(length));
                 std::map<std::string, Entry> entries = HeaderReader(header, path).read();

                 const torch::NoGradGuard noGradients;
                 const auto copy = [&](const std::string& name, torch::Tensor& tensor) {
                   const auto found = entries.find(name);
                   if (found == entries.end()) throw std::runtime_error(path + " has no '" + name + "'.");
                   const Entry& entry = found->second;
                   const bool whole = tensor.scalar_type() == torch::kInt64;
                   const auto bytes = static_cast<std::uint64_t>(tensor.numel()) * (whole ? 8 : 4);
                   if (entry.type != (whole ? "I64" : "F32") || tensor.sizes() != torch::IntArrayRef(entry.shape))
                     throw std::runtime_error(path + " has '" + name +
                                              "' with another size or type than this network.");
                   if (entry.end < entry.begin || entry.end - entry.begin != bytes || entry.end > size - 8 - length)
                     throw std::runtime_error(path + " is damaged: '" + name + "' does not lie inside it.");
                   torch::Tensor read = torch::empty(tensor.sizes(), tensor.options().device(torch::kCPU));
                   in.seekg(static_cast<std::streamoff>(8 + length + entry.begin));
                   if (bytes > 0 && !in.read(static_cast<char*>(read.data_ptr()), static_cast<std::streamsize>(bytes)))
                     throw std::runtime_error(path + " cannot be read.");
                   tensor.copy_(read);
                   entries.erase(found);
                 };
                 for (auto& item : module.named_parameters()) copy(item.key(), item.value());
                 for (auto& item : module.named_buffers()) copy(item.key(), item.value());
                 if (!entries.empty())
                   throw std::runtime_error(path + " has '" + entries.begin()->first + "', which this network has not.");
               }

               }  // namespace
  )cpp";
}

}  // namespace netwright::convert::libtorch
