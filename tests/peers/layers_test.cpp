// SPDX-License-Identifier: Apache-2.0
// Every registered layer against torch.nn: shapes, initial weights to the bit, forward, all gradients, running
// statistics.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <random>
#include <set>

#include "core/engine/network.h"
#include "core/engine/plan.h"
#include "core/layers/lower_graph.h"
#include "core/layers/registry.h"
#include "tests/peers/peer.h"
#include "tests/support/graphs.h"

namespace netwright {
namespace {

using netwright::test::node;
using namespace std::string_literals;

constexpr uint64_t kSeed = 17;
constexpr int64_t kBatch = 3;

// Legal settings to try: parameters and the sizes of the inputs without the batch, for the first ports of the layer;
// the others stay without a wire. The defaults are tried too.
struct Setting {
  std::vector<std::vector<int64_t>> inputs;
  Attributes params;
  int64_t indices = 0;  // inputs are int64 numbers below this; 0: they are float
  // A letter for each input where they differ: f float, p float above 0, u float between 0 and 1, o float above 1, s
  // float 1 or -1, b a condition (float above 0), i int64 below `indices`.
  std::string kinds = "";

  char kind(size_t i) const { return kinds.empty() ? (indices ? 'i' : 'f') : kinds[i]; }
};
using List = std::vector<int64_t>;

std::map<std::string, std::vector<Setting>> settings() {
  return {
      {"input", {{{{3, 4}}, {}}}},
      {"output", {{{{3, 4}}, {}}}},
      {"linear", {{{{7}}, {}}, {{{2, 5}}, {{"out_features", int64_t{3}}, {"bias", false}}}}},
      {"conv2d",
       {{{{3, 9, 8}}, {}},
        {{{3, 9, 8}}, {{"padding", "same"s}, {"kernel_size", List{4, 3}}, {"dilation", List{1, 2}}}},
        {{{3, 9, 8}}, {{"padding", List{2, 1}}, {"padding_mode", "reflect"s}, {"stride", int64_t{2}}}},
        {{{1, 7, 7}},
         {{"out_channels", int64_t{4}}, {"kernel_size", List{5, 2}}, {"padding", List{2, 0}}, {"stride", List{2, 1}}}},
        {{{4, 9, 9}},
         {{"out_channels", int64_t{6}}, {"groups", int64_t{2}}, {"dilation", List{2, 2}}, {"bias", false}}},
        {{{4, 6, 6}}, {{"out_channels", int64_t{8}}, {"groups", int64_t{4}}, {"kernel_size", int64_t{1}}}}}},
      {"max_pool2d",
       {{{{2, 6, 6}}, {}},
        {{{2, 7, 6}}, {{"return_indices", true}, {"padding", int64_t{1}}, {"ceil_mode", true}}},
        {{{2, 7, 9}}, {{"kernel_size", List{3, 2}}, {"stride", List{2, 3}}, {"padding", List{1, 1}}}},
        {{{1, 5, 6}}, {{"ceil_mode", true}}},
        {{{1, 8, 8}}, {{"dilation", List{2, 2}}, {"stride", int64_t{1}}}}}},
      {"flatten",
       {{{{2, 3, 4}}, {}},
        {{{2, 3, 4}}, {{"start_dim", int64_t{2}}, {"end_dim", int64_t{3}}}},
        {{{5}}, {{"start_dim", int64_t{0}}}}}},
      {"relu", {{{{3, 4, 2}}, {}}}},
      {"softmax", {{{{5}}, {}}, {{{3, 4}}, {{"dim", int64_t{1}}}}}},
      {"dropout", {{{{20}}, {}}, {{{4, 3}}, {{"p", 0.1}}}, {{{4}}, {{"p", int64_t{0}}}}}},
      {"batch_norm2d",
       {{{{3, 4, 4}}, {}},
        {{{2, 3, 3}}, {{"momentum", 0.3}, {"eps", 1e-3}, {"affine", false}}},
        {{{2, 3, 3}}, {{"momentum", None{}}}},
        {{{2, 3, 3}}, {{"track_running_stats", false}}}}},
      {"normalization", {{{{5}}, {}}, {{{3, 4}}, {{"eps", 1e-3}}}}},
      {"batch_norm1d",
       {{{{5}}, {}},
        {{{3, 7}}, {{"momentum", 0.3}, {"eps", 1e-3}, {"affine", false}}},
        {{{3, 4}}, {{"track_running_stats", false}}}}},
      {"layer_norm",
       {{{{7}}, {}},
        {{{3, 4}}, {{"normalized_shape", List{3, 4}}, {"eps", 1e-3}}},
        {{{2, 3, 5}}, {{"bias", false}}},
        {{{3, 4}}, {{"elementwise_affine", false}, {"normalized_shape", int64_t{4}}}}}},
      {"squeeze_excite",
       {{{{6, 5, 4}}, {}}, {{{6, 5, 4}}, {{"squeeze_channels", int64_t{3}}, {"activation", "silu"s}}}}},
      {"layer_scale",
       {{{{5, 4}}, {{"init_values", 0.5}}}, {{{4, 5, 3}}, {{"init_values", 0.5}, {"channels_first", true}}}}},
      {"conv1d",
       {{{{3, 9}}, {}},
        {{{3, 9}}, {{"padding", "same"s}, {"kernel_size", int64_t{4}}, {"padding_mode", "circular"s}}},
        {{{4, 12}},
         {{"out_channels", int64_t{6}}, {"kernel_size", int64_t{4}}, {"stride", int64_t{2}}, {"padding", int64_t{3}}}},
        {{{4, 11}},
         {{"out_channels", int64_t{6}}, {"groups", int64_t{2}}, {"dilation", int64_t{3}}, {"bias", false}}}}},
      {"conv_transpose2d",
       {{{{3, 4, 5}}, {}},
        {{{2, 4, 3}},
         {{"out_channels", int64_t{4}},
          {"kernel_size", List{3, 4}},
          {"stride", List{2, 3}},
          {"padding", List{1, 2}},
          {"output_padding", List{1, 2}}}},
        {{{4, 3, 3}},
         {{"out_channels", int64_t{6}},
          {"groups", int64_t{2}},
          {"dilation", List{2, 3}},
          {"output_padding", List{1, 2}},
          {"stride", int64_t{1}},
          {"bias", false}}}}},
      {"avg_pool2d",
       {{{{2, 6, 6}}, {}},
        {{{2, 7, 9}}, {{"kernel_size", List{3, 2}}, {"stride", List{2, 3}}, {"padding", List{1, 1}}}},
        {{{1, 5, 6}}, {{"ceil_mode", true}}},
        {{{1, 6, 8}},
         {{"kernel_size", List{3, 3}},
          {"stride", List{2, 2}},
          {"padding", List{1, 1}},
          {"ceil_mode", true},
          {"count_include_pad", false}}},
        {{{1, 6, 8}},
         {{"kernel_size", List{3, 3}}, {"stride", List{2, 2}}, {"padding", List{1, 1}}, {"ceil_mode", true}}},
        {{{2, 5, 5}}, {{"divisor_override", int64_t{3}}, {"padding", List{1, 0}}}}}},
      {"adaptive_avg_pool2d",
       {{{{3, 5, 7}}, {}}, {{{2, 6, 8}}, {{"output_size", List{3, 4}}}}, {{{2, 5, 7}}, {{"output_size", List{3, 4}}}}}},
      {"mean_pool", {{{{5, 3}}, {}}, {{{4, 3, 2}}, {{"dim", int64_t{-1}}, {"keepdim", true}}}}},
      {"reshape", {{{{3, 4}}, {}}, {{{3, 4}}, {{"shape", List{2, -1, 3}}}}, {{{2, 3, 4}}, {{"shape", List{4, 6}}}}}},
      {"transpose", {{{{5, 3}}, {}}, {{{4, 3, 2}}, {{"dim0", int64_t{-1}}, {"dim1", int64_t{1}}}}}},
      {"positional_encoding",
       {{{{5, 6}}, {}}, {{{4, 7}}, {{"kind", "sinusoidal"s}}}, {{{3, 2}}, {{"max_len", int64_t{3}}}}}},
      {"leaky_relu", {{{{3, 4, 2}}, {}}, {{{5}}, {{"negative_slope", 0.2}}}}},
      {"gelu", {{{{3, 4}}, {}}, {{{3, 4, 5}}, {{"approximate", std::string("tanh")}}}}},
      {"silu", {{{{3, 4, 2}}, {}}}},
      {"sigmoid", {{{{3, 4, 2}}, {}}}},
      {"tanh", {{{{3, 4, 2}}, {}}}},
      {"multiply", {{{{3, 4}, {3, 4}}, {}}, {{{2, 3, 4}, {1, 1, 4}}, {}}}},
      {"concat",
       {{{{3, 4}, {2, 4}}, {}},
        {{{3}, {1}, {2}, {5}, {1}, {2}, {3}, {4}}, {{"dim", int64_t{-1}}}},
        {{{2, 3, 3}, {2, 3, 4}, {2, 3, 1}}, {{"dim", int64_t{3}}}},
        {{{2, 3}, {2, 3}}, {{"dim", int64_t{0}}}}}},
      {"embedding",
       {{{{5}}, {{"num_embeddings", int64_t{4}}, {"embedding_dim", int64_t{3}}, {"scale_grad_by_freq", true}}, 4},
        {{{5}}, {{"num_embeddings", int64_t{6}}, {"embedding_dim", int64_t{4}}, {"max_norm", 0.7}}, 6},
        {{{5}},
         {{"num_embeddings", int64_t{6}},
          {"embedding_dim", int64_t{4}},
          {"max_norm", 1.5},
          {"norm_type", 1.0},
          {"sparse", true}},
         6},
        {{{4}}, {{"num_embeddings", int64_t{9}}, {"embedding_dim", int64_t{5}}}, 9},
        {{{2, 3}}, {{"num_embeddings", int64_t{6}}, {"embedding_dim", int64_t{3}}, {"padding_idx", int64_t{0}}}, 6},
        {{{3}}, {{"num_embeddings", int64_t{4}}, {"embedding_dim", int64_t{2}}, {"padding_idx", int64_t{-1}}}, 4},
        {{{}}, {{"num_embeddings", int64_t{2}}, {"embedding_dim", int64_t{1}}, {"padding_idx", int64_t{1}}}, 2}}},
      {"lstm",
       {{{{5, 7}}, {{"hidden_size", int64_t{6}}}},
        {{{1, 3}}, {{"hidden_size", int64_t{1}}, {"bias", false}}},
        {{{4, 5}, {1, 3}}, {{"hidden_size", int64_t{3}}}},
        {{{4, 5}, {4, 3}, {4, 3}},
         {{"hidden_size", int64_t{3}}, {"num_layers", int64_t{2}}, {"bidirectional", true}, {"dropout", 0.4}}},
        {{{6, 2}}, {{"hidden_size", int64_t{4}}, {"num_layers", int64_t{3}}, {"bidirectional", true}, {"bias", false}}},
        {{{3, 4}}, {{"hidden_size", int64_t{5}}, {"num_layers", int64_t{2}}, {"dropout", 0.5}}},
        {{{3, 4}},
         {{"hidden_size", int64_t{5}}, {"num_layers", int64_t{2}}, {"proj_size", int64_t{2}}, {"bidirectional", true}}},
        {{{3, 4}, {1, 2}, {1, 5}}, {{"hidden_size", int64_t{5}}, {"proj_size", int64_t{2}}, {"bias", false}}}}},
      {"multihead_attention",
       {{{{5, 8}}, {}},
        {{{6, 6}}, {{"num_heads", int64_t{3}}, {"bias", false}, {"is_causal", true}}},
        {{{3, 8}, {5, 8}}, {{"num_heads", int64_t{2}}}},
        {{{3, 4}, {5, 4}, {5, 4}}, {{"num_heads", int64_t{1}}, {"bias", false}}},
        {{{4, 8}}, {{"dropout", 0.3}}},
        {{{4, 8}}, {{"dropout", 0.2}, {"is_causal", true}}},
        {{{4, 8}}, {{"need_weights", true}, {"is_causal", true}}},
        {{{3, 8}, {5, 6}, {5, 7}},
         {{"need_weights", true}, {"average_attn_weights", false}, {"add_bias_kv", true}, {"add_zero_attn", true}}},
        {{{3, 8}, {3, 8}, {3, 8}, {3, 3}, {3}}, {{"num_heads", int64_t{2}}, {"add_zero_attn", true}}},
        {{{4, 8}}, {{"add_bias_kv", true}, {"bias", false}}}}},
      {"acos", {{{{5}}, {}, 0, "u"}}},
      {"asin", {{{{5}}, {}, 0, "u"}}},
      {"atanh", {{{{5}}, {}, 0, "u"}}},
      {"erfinv", {{{{5}}, {}, 0, "u"}}},
      {"acosh", {{{{5}}, {}, 0, "o"}}},
      {"digamma", {{{{5}}, {}, 0, "o"}}},
      {"lgamma", {{{{5}}, {}, 0, "o"}}},
      {"log", {{{{5}}, {}, 0, "p"}}},
      {"log10", {{{{5}}, {}, 0, "p"}}},
      {"log1p", {{{{5}}, {}, 0, "p"}}},
      {"log2", {{{{5}}, {}, 0, "p"}}},
      {"sqrt", {{{{5}}, {}, 0, "p"}}},
      {"rsqrt", {{{{5}}, {}, 0, "p"}}},
      {"reciprocal", {{{{5}}, {}, 0, "p"}}},
      {"xlogy", {{{{5}, {5}}, {}, 0, "pp"}}},
      {"power", {{{{5}}, {}}, {{{5}, {5}}, {}, 0, "pf"}, {{{5}}, {{"other", -1.5}}, 0, "p"}}},
      {"subtract", {{{{5}}, {}}, {{{3, 4}, {4}}, {}}}},
      {"divide", {{{{5}}, {}}, {{{3, 4}, {3, 1}}, {}, 0, "fp"}}},
      {"maximum", {{{{5}}, {}}, {{{3, 4}, {3, 4}}, {}}}},
      {"less", {{{{5}}, {}}, {{{3, 4}, {3, 4}}, {}}}},
      {"remainder", {{{{5}}, {}}, {{{3}, {3}}, {}, 0, "fp"}}},
      {"gather", {{{{3, 4}, {2, 4}}, {}, 3, "fi"}}},
      {"scatter", {{{{3}, {1}, {1}}, {}, 3, "fif"}}},
      {"scatter_add", {{{{3, 4}, {2, 4}, {2, 4}}, {}, 3, "fif"}}},
      {"where", {{{{3, 4}, {3, 4}, {4}}, {}, 0, "bff"}}},
      {"masked_fill", {{{{3, 4}, {3, 4}}, {{"value", -2.0}}, 0, "fb"}}},
      {"one_hot", {{{{3}}, {{"num_classes", int64_t{4}}}, 4}}},
      {"slice",
       {{{{7, 2}}, {{"start", int64_t{-5}}, {"end", int64_t{-1}}, {"step", int64_t{2}}}},
        {{{2, 7}}, {{"dim", int64_t{2}}, {"end", int64_t{4}}}}}},
      {"permute", {{{{3, 4, 2}}, {{"dims", List{3, 1, 2}}}}}},
      {"squeeze", {{{{1, 4}}, {}}, {{{3, 4}}, {}}}},
      {"split",
       {{{{8, 3}}, {}},
        {{{2, 6}}, {{"dim", int64_t{-1}}, {"sizes", List{1, 2, 3}}}},
        {{{7}}, {{"sizes", List{1, 2, 1, 1, 1, 1}}}}}},
      {"stack", {{{{3}, {3}}, {}}, {{{3, 2}, {3, 2}, {3, 2}}, {{"dim", int64_t{-1}}}}}},
      {"tile", {{{{3, 2}}, {{"repeats", List{2, 3}}}}}},
      {"einsum", {{{{3, 4}, {4, 2}}, {{"equation", "bij,bjk->bik"s}}}, {{{3, 3}}, {{"equation", "bii->bi"s}}}}},
      {"matmul", {{{{3, 4}, {4, 2}}, {}}, {{{2, 3, 4}, {1, 4, 2}}, {}}}},
      {"hypot", {{{{5}, {5}}, {}}}},
      {"atan2", {{{{5}, {5}}, {}, 0, "pp"}}},
      {"attention",
       {{{{5, 8}}, {}},
        {{{3, 8}, {5, 6}}, {{"num_heads", int64_t{2}}, {"num_kv_heads", int64_t{1}}}},
        {{{4, 8}}, {{"is_causal", true}}}}},
      {"rotary_encoding", {{{{5, 6}}, {}}, {{{2, 3, 4}}, {{"base", 50.0}}}}},
      {"spectrogram", {{{{90}}, {{"n_fft", int64_t{16}}, {"hop_length", int64_t{7}}}}}},
      {"mel_spectrogram", {{{{90}}, {{"n_fft", int64_t{32}}, {"hop_length", int64_t{9}}, {"n_mels", int64_t{5}}}}}},
      {"separable_conv2d",
       {{{{3, 6, 6}}, {{"out_channels", int64_t{4}}, {"depth_multiplier", int64_t{2}}, {"padding", List{1, 1}}}}}},
      {"depthwise_conv2d", {{{{3, 6, 6}}, {{"depth_multiplier", int64_t{2}}, {"stride", List{2, 1}}}}}},
      {"drop_path", {{{{3, 4}}, {{"p", 0.4}}}}},
      {"reparameterize", {{{{4}, {4}}, {}}}},
      {"contrastive", {{{{4}, {4}, {}}, {{"margin", 3.0}}, 0, "ffu"}}},
      {"constant", {{{{3}}, {{"size", List{2, 3}}, {"value", 1.5}}}}},
      {"arange", {{{{3}}, {{"end", 7.0}, {"step", 2.0}}}}},
      {"parameter", {{{{3}}, {{"size", List{2, 3}}}}}},
      {"conv_lstm",
       {{{{2, 3, 5, 4}}, {{"hidden_channels", int64_t{2}}}},
        {{{3, 2, 5, 6}, {2, 3, 4}, {2, 3, 4}},
         {{"hidden_channels", int64_t{2}}, {"kernel_size", List{3, 3}}, {"padding", "valid"s}, {"bias", false}}},
        {{{2, 2, 4, 4}, {3, 4, 4}}, {{"hidden_channels", int64_t{3}}, {"kernel_size", List{1, 3}}}}}},
      {"grid_sample",
       {{{{2, 5, 6}, {3, 4, 2}}, {}},
        {{{2, 5, 6}, {3, 4, 2}}, {{"mode", "nearest"s}, {"padding_mode", "border"s}}},
        {{{2, 5, 6}, {3, 4, 2}}, {{"mode", "bicubic"s}, {"padding_mode", "reflection"s}}},
        {{{2, 5, 6}, {3, 4, 2}}, {{"mode", "bicubic"s}, {"align_corners", true}}},
        {{{2, 5, 6}, {3, 4, 2}}, {{"padding_mode", "border"s}, {"align_corners", true}}},
        {{{2, 3, 4, 5}, {2, 3, 2, 3}}, {{"padding_mode", "reflection"s}}}}},
      {"rfft", {{{{12}}, {}}, {{{3, 7}}, {{"norm", "ortho"s}}}, {{{2, 2, 1}}, {}}, {{{30}}, {{"norm", "forward"s}}}}},
      {"irfft",
       {{{{7}, {7}}, {}},
        {{{3, 4}, {3, 4}}, {{"n", int64_t{7}}, {"norm", "ortho"s}}},
        {{{2, 6}, {2, 6}}, {{"n", int64_t{10}}, {"norm", "forward"s}}}}},
      {"expand", {{{{1, 4}}, {{"size", List{3, -1}}}}, {{{2, 1, 1}}, {{"size", List{2, 3, 4}}}}}},
      {"pad",
       {{{{3, 4}}, {{"padding", List{2, -1, 1, 0}}, {"value", 1.5}}},
        {{{2, 5, 6}}, {{"padding", List{2, 1, 0, 3}}, {"mode", "reflect"s}}},
        {{{2, 3, 4}}, {{"padding", List{2, 1, 0, 3}}, {"mode", "replicate"s}}},
        {{{2, 6}}, {{"padding", List{2, 1}}, {"mode", "circular"s}}}}},
      {"info_nce",
       {{{{6}, {6}}, {}}, {{{6}, {6}}, {{"temperature", 0.5}, {"symmetric", true}, {"reduction", "none"s}}}}},
      {"gaussian_kl", {{{{6}, {6}}, {}}, {{{2, 3}, {2, 3}}, {{"reduction", "none"s}}}}},
      {"max_unpool1d", {{{{2, 4}, {2, 4}}, {}, 8, "fi"}}},
      {"max_unpool2d",
       {{{{2, 1, 1}, {2, 1, 1}}, {}, 4, "fi"},
        {{{1, 1, 1}, {1, 1, 1}}, {{"stride", int64_t{3}}, {"padding", int64_t{0}}}, 4, "fi"}}},
      {"max_unpool3d", {{{{2, 1, 1, 1}, {2, 1, 1, 1}}, {}, 8, "fi"}}},
      {"fold",
       {{{{8, 9}}, {}},
        {{{4, 12}},
         {{"output_size", List{6, 7}}, {"kernel_size", List{2, 2}}, {"stride", List{2, 2}}, {"padding", List{1, 0}}}}}},
      {"embedding_bag",
       {{{{5}}, {{"num_embeddings", int64_t{4}}, {"embedding_dim", int64_t{3}}, {"scale_grad_by_freq", true}}, 4},
        {{{5}},
         {{"num_embeddings", int64_t{6}},
          {"embedding_dim", int64_t{4}},
          {"max_norm", 0.7},
          {"mode", "sum"s},
          {"sparse", true}},
         6},
        {{{4}}, {{"num_embeddings", int64_t{9}}, {"embedding_dim", int64_t{5}}}, 9},
        {{{4}},
         {{"num_embeddings", int64_t{9}},
          {"embedding_dim", int64_t{5}},
          {"mode", "sum"s},
          {"padding_idx", int64_t{-1}}},
         9},
        {{{4}}, {{"num_embeddings", int64_t{4}}, {"embedding_dim", int64_t{5}}, {"padding_idx", int64_t{1}}}, 4},
        {{{5}},
         {{"num_embeddings", int64_t{7}}, {"embedding_dim", int64_t{3}}, {"mode", "max"s}, {"padding_idx", int64_t{0}}},
         7},
        {{{3}, {3}}, {{"num_embeddings", int64_t{7}}, {"embedding_dim", int64_t{3}}, {"mode", "sum"s}}, 7, "if"}}},
      {"rnn",
       {{{{5, 7}}, {{"hidden_size", int64_t{6}}}},
        {{{4, 5}, {4, 3}},
         {{"hidden_size", int64_t{3}}, {"num_layers", int64_t{2}}, {"bidirectional", true}, {"nonlinearity", "relu"s}}},
        {{{3, 4}}, {{"hidden_size", int64_t{5}}, {"num_layers", int64_t{2}}, {"dropout", 0.5}, {"bias", false}}}}},
      {"gru",
       {{{{5, 7}}, {{"hidden_size", int64_t{6}}}},
        {{{4, 5}, {4, 3}}, {{"hidden_size", int64_t{3}}, {"num_layers", int64_t{2}}, {"bidirectional", true}}},
        {{{3, 4}}, {{"hidden_size", int64_t{5}}, {"num_layers", int64_t{2}}, {"dropout", 0.5}, {"bias", false}}}}},
      {"rnn_cell",
       {{{{7}}, {{"hidden_size", int64_t{6}}}},
        {{{4}, {3}}, {{"hidden_size", int64_t{3}}, {"bias", false}, {"nonlinearity", "relu"s}}}}},
      {"gru_cell",
       {{{{7}}, {{"hidden_size", int64_t{6}}}}, {{{4}, {3}}, {{"hidden_size", int64_t{3}}, {"bias", false}}}}},
      {"lstm_cell",
       {{{{7}}, {{"hidden_size", int64_t{6}}}}, {{{4}, {3}, {3}}, {{"hidden_size", int64_t{3}}, {"bias", false}}}}},
      {"bilinear", {{{{4}, {3}}, {}}, {{{2, 4}, {2, 5}}, {{"out_features", int64_t{2}}, {"bias", false}}}}},
      {"conv3d",
       {{{{2, 4, 5, 4}}, {}},
        {{{2, 4, 5, 4}},
         {{"out_channels", int64_t{4}},
          {"groups", int64_t{2}},
          {"padding", "same"s},
          {"kernel_size", List{2, 3, 1}},
          {"padding_mode", "replicate"s}}}}},
      {"transformer_encoder_layer",
       {{{{5, 8}}, {{"nhead", int64_t{2}}, {"dim_feedforward", int64_t{12}}, {"dropout", int64_t{0}}}},
        {{{5, 8}},
         {{"nhead", int64_t{4}},
          {"dim_feedforward", int64_t{6}},
          {"dropout", int64_t{0}},
          {"norm_first", true},
          {"activation", "gelu"s},
          {"bias", false},
          {"is_causal", true}}}}},
      {"transformer_encoder",
       {{{{5, 8}},
         {{"num_layers", int64_t{2}},
          {"nhead", int64_t{2}},
          {"dim_feedforward", int64_t{12}},
          {"dropout", int64_t{0}},
          {"norm", true}}}}},
      {"transformer_decoder_layer",
       {{{{5, 8}, {3, 8}},
         {{"nhead", int64_t{2}}, {"dim_feedforward", int64_t{12}}, {"dropout", int64_t{0}}, {"tgt_is_causal", true}}}}},
      {"transformer_decoder",
       {{{{5, 8}, {3, 8}},
         {{"num_layers", int64_t{2}},
          {"nhead", int64_t{2}},
          {"dim_feedforward", int64_t{12}},
          {"dropout", int64_t{0}}}}}},
      {"transformer",
       {{{{5, 8}, {3, 8}},
         {{"num_encoder_layers", int64_t{2}},
          {"num_decoder_layers", int64_t{2}},
          {"nhead", int64_t{2}},
          {"dim_feedforward", int64_t{12}},
          {"dropout", int64_t{0}},
          {"tgt_is_causal", true}}}}},
      {"cosine_embedding",
       {{{{4}, {4}, {}}, {{"margin", 0.3}}, 0, "ffs"}, {{{4}, {4}, {}}, {{"reduction", "none"s}}, 0, "ffs"}}},
      {"margin_ranking",
       {{{{}, {}, {}}, {{"margin", 0.3}}, 0, "ffs"}, {{{}, {}, {}}, {{"reduction", "sum"s}}, 0, "ffs"}}},
      {"triplet_margin", {{{{4}, {4}, {4}}, {{"swap", true}}}}},
      {"triplet_margin_with_distance",
       {{{{4}, {4}, {4}}, {}},
        {{{4}, {4}, {4}}, {{"distance_function", "cosine"s}, {"swap", true}, {"reduction", "none"s}}}}},
      {"gaussian_nll",
       {{{{4}, {4}, {4}}, {}, 0, "ffp"},
        {{{4}, {4}, {4}}, {{"full", true}, {"eps", 0.3}, {"reduction", "sum"s}}, 0, "ffp"}}},
      {"ctc",
       {{{{6, 5}, {2}, {}, {}}, {{"reduction", "sum"s}, {"blank", int64_t{4}}, {"zero_infinity", true}}, 3, "fiii"},
        {{{6, 5}, {2}, {}, {}}, {{"blank", int64_t{3}}, {"zero_infinity", true}}, 3, "fiii"}}},
      {"linear_cross_entropy",
       {{{{4}, {}}, {{"num_classes", int64_t{3}}}, 3, "fi"},
        {{{4}, {}},
         {{"num_classes", int64_t{3}}, {"bias", true}, {"label_smoothing", 0.2}, {"ignore_index", int64_t{1}}},
         3,
         "fi"}}},
      {"adaptive_log_softmax",
       {{{{16}, {}}, {{"n_classes", int64_t{12}}, {"cutoffs", List{4, 8}}, {"div_value", 2.0}}, 12, "fi"},
        {{{16}, {}}, {{"n_classes", int64_t{12}}, {"cutoffs", List{5}}, {"head_bias", true}}, 12, "fi"}}},
      {"add", {{{{3, 4}, {3, 4}}, {}}, {{{3, 4}, {1, 4}}, {}}, {{{2, 3, 4}, {1, 1, 4}}, {}}}},
  };
}

HostTensor random(DType dtype, std::vector<int64_t> shape, std::mt19937& generator) {
  std::normal_distribution<double> normal;
  HostTensor t(dtype, std::move(shape));
  for (int64_t i = 0; i < t.count(); ++i)
    if (dtype == DType::Float64)
      t.as<double>()[static_cast<size_t>(i)] = normal(generator);
    else
      t.as<float>()[static_cast<size_t>(i)] = static_cast<float>(normal(generator));
  return t;
}

HostTensor inputTensor(const program::TensorType& type, const Setting& setting, size_t input, DType dtype,
                       std::mt19937& generator) {
  const auto shape = *program::evaluate(type.shape, {{"N", kBatch}});
  HostTensor t = random(type.dtype == DType::Int64 ? DType::Float32 : dtype, shape, generator);
  const auto each = [&](auto change) {
    if (t.dtype == DType::Float64)
      for (double& v : t.as<double>()) v = change(v);
    else
      for (float& v : t.as<float>()) v = static_cast<float>(change(v));
  };
  if (setting.kind(input) == 'p') each([](double v) { return std::abs(v) + 0.1; });
  if (setting.kind(input) == 'u') each([](double v) { return 0.1 + 0.8 / (1 + std::exp(v)); });
  if (setting.kind(input) == 'o') each([](double v) { return std::abs(v) + 1.1; });
  if (setting.kind(input) == 's') each([](double v) { return v < 0 ? -1.0 : 1.0; });
  if (type.dtype != DType::Int64) return t;
  HostTensor indices(DType::Int64, shape);
  for (int64_t& v : indices.as<int64_t>())
    v = static_cast<int64_t>(generator() % static_cast<uint64_t>(setting.indices));
  return indices;
}

// A graph of one layer between its inputs ("a", "b", ...) and outputs "out", "out_h_n", ...
graph::Document around(const layers::LayerSpec& layer, const Setting& setting) {
  graph::Document d;
  if (layer.id == "input" || layer.id == "output") return test::chain(setting.inputs.front(), {});
  d.nodes.push_back(node(1, layer.id, "layer", setting.params));
  for (size_t i = 0; i < setting.inputs.size(); ++i) {
    d.nodes.push_back(node(static_cast<int64_t>(i) + 2, "input", std::string(1, static_cast<char>('a' + i)),
                           {{"shape", setting.inputs[i]}, {"dtype", setting.kind(i) == 'i' ? "int64"s : "float"s}}));
    if (i >= layer.inputs.size()) continue;  // a layer without inputs: the batch comes from another one
    if (setting.kind(i) == 'b') {
      const NodeId input = d.nodes.back().id;
      d.nodes.push_back(node(static_cast<int64_t>(i) + 50, "greater", "above" + std::to_string(i)));
      d.wires.push_back({{input, "y"}, {d.nodes.back().id, "a"}});
    }
    d.wires.push_back({{d.nodes.back().id, "y"}, {{1}, layer.inputs[i].name}});
  }
  const std::vector<layers::PortSpec> outputs = layers::outputsOf(layer, d.nodes.front().params);
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string& port = outputs[i].name;
    d.nodes.push_back(node(static_cast<int64_t>(i) + 99, "output", i == 0 ? "out" : "out_" + port));
    d.wires.push_back({{{1}, port}, {d.nodes.back().id, "x"}});
  }
  return d;
}

std::string pythonText(const Attribute& value) {
  if (std::holds_alternative<None>(value)) return "None";
  if (const auto* b = std::get_if<bool>(&value)) return *b ? "True" : "False";
  if (const auto* s = std::get_if<std::string>(&value)) return "'" + *s + "'";
  if (const auto all = numbers(value); all && all->empty()) return "None";  // no weights
  if (const auto* list = std::get_if<List>(&value); list && list->size() == 1)
    return fmt::format("({},)", list->front());
  return toText(value);
}

// Layers that check_layers.py has classes of its own for: what PyTorch lacks, or calls otherwise.
bool hasOwnClass(const layers::LayerSpec& layer) {
  static const std::set<std::string> kOwn{"adaptive_log_softmax",
                                          "attention",
                                          "concat",
                                          "cross_map_lrn2d",
                                          "contrastive",
                                          "conv_lstm",
                                          "ctc",
                                          "depthwise_conv2d",
                                          "drop_path",
                                          "embedding_bag",
                                          "gaussian_kl",
                                          "gaussian_noise",
                                          "gru",
                                          "info_nce",
                                          "irfft",
                                          "layer_scale",
                                          "lstm",
                                          "lstm_cell",
                                          "mel_spectrogram",
                                          "multihead_attention",
                                          "normalization",
                                          "parameter",
                                          "patch_embedding",
                                          "positional_encoding",
                                          "reparameterize",
                                          "rfft",
                                          "rnn",
                                          "rotary_encoding",
                                          "separable_conv2d",
                                          "spectrogram",
                                          "squeeze_excite",
                                          "swiglu",
                                          "transformer",
                                          "transformer_decoder",
                                          "transformer_decoder_layer",
                                          "transformer_encoder",
                                          "transformer_encoder_layer",
                                          "triplet_margin_with_distance"};
  return kOwn.contains(layer.id);
}

// The PyTorch module or function with the very same parameters, by their names; numbers behind `auto` filled in.
std::string torchExpression(const layers::LayerSpec& layer, const graph::Node& n, const layers::NodeReport& report) {
  if (layer.category == layers::Category::InputOutput) return "nn.Identity()";
  std::vector<std::string> arguments;
  for (const ParamSpec& p : layer.params) {
    const auto inferred = report.inferred.find(p.name);
    arguments.push_back(fmt::format(
        "{}={}", p.name,
        inferred == report.inferred.end() ? pythonText(n.params.at(p.name)) : std::to_string(inferred->second)));
  }
  const bool module = layer.torchName.rfind("nn.", 0) == 0;
  if (hasOwnClass(layer))
    return fmt::format("{}({})", module ? layer.torchName.substr(3) : layer.title, fmt::join(arguments, ", "));
  if (module) return fmt::format("{}({})", layer.torchName, fmt::join(arguments, ", "));
  arguments.insert(arguments.begin(), {"'" + layer.torchName + "'", "'" + layer.id + "'"});
  return fmt::format("function({})", fmt::join(arguments, ", "));
}

// Runs one case in our engine and writes everything that PyTorch needs to repeat it.
void writeCase(const std::filesystem::path& folder, const std::string& name, const layers::LayerSpec& layer,
               const Setting& setting, DType dtype, Mode mode, bool channelsLast, Json& cases) {
  const graph::Document document = around(layer, setting);
  const layers::Lowered lowered = layers::lowerGraph(document);
  ASSERT_TRUE(lowered.ok()) << name << ": " << (lowered.diagnostics.empty() ? "" : lowered.diagnostics[0].text());
  engine::Network network(lowered.program, {"cpu", dtype, channelsLast});
  network.initialise(kSeed);
  std::vector<NamedTensor> tensors;
  for (NamedTensor& w : network.weights()) tensors.push_back({"weight:" + w.name, std::move(w.tensor)});

  std::mt19937 generator(5);
  std::vector<HostTensor> inputs;
  for (const program::Port& p : lowered.program.inputs)
    inputs.push_back(inputTensor(lowered.program.tensorType(p.value), setting, inputs.size(), dtype, generator));
  engine::Feeds feeds;
  for (const HostTensor& t : inputs) feeds.push_back(&t);
  std::vector<HostTensor> outputWeights, outputs;
  for (const program::Port& p : lowered.program.outputs)
    outputWeights.push_back(
        random(dtype, *program::evaluate(lowered.program.tensorType(p.value).shape, {{"N", kBatch}}), generator));
  const auto gradients = network.gradients(feeds, outputWeights, mode, &outputs);
  for (size_t i = 0; i < outputs.size(); ++i)
    EXPECT_EQ(outputs[i].shape, outputWeights[i].shape) << name << ": the inferred shape differs from the real one";

  Json entry{{"name", name},
             {"torch", ""},
             {"dtype", netwright::name(dtype)},
             {"train", mode == Mode::Train},
             {"seed", kSeed},
             {"draw", 0},
             {"inputs", Json::array()},
             {"conditions", Json::array()},
             {"outputs", outputs.size()}};
  const graph::Node* self = document.find({1});
  entry["torch"] = torchExpression(layer, *self, lowered.nodes.at({1}));
  for (const program::Op& op : lowered.program.ops)
    if (op.info->random) entry["draw"] = engine::randomSeed({}, op.id);
  for (size_t i = 0; i < inputs.size(); ++i) {
    entry["inputs"].push_back(lowered.program.inputs[i].name);
    entry["conditions"].push_back(setting.kind(i) == 'b');
    tensors.push_back({"input:" + lowered.program.inputs[i].name, inputs[i]});
  }
  for (size_t i = 0; i < outputs.size(); ++i) {
    tensors.push_back({fmt::format("output_weight:{}", i), outputWeights[i]});
    tensors.push_back({fmt::format("output:{}", i), outputs[i]});
  }
  for (const NamedTensor& g : gradients) tensors.push_back({"gradient:" + g.name, g.tensor});
  cases.push_back(std::move(entry));
  writeFileAtomic(folder / (name + ".safetensors"), safetensorsBytes(tensors));
}

// What is listed above, or the layer at its defaults behind the first sample that it accepts.
std::vector<Setting> settingsOf(const layers::LayerSpec& layer) {
  static const auto kListed = settings();
  if (const auto found = kListed.find(layer.id); found != kListed.end()) return found->second;
  const auto needed = static_cast<size_t>(
      std::count_if(layer.inputs.begin(), layer.inputs.end(), [](const auto& p) { return !p.optional; }));
  for (const List& sample : {List{5, 8}, List{4, 8, 8}, List{4, 4, 6, 6}, List{12}}) {
    const Setting setting{std::vector<List>(needed, sample), {}};
    if (layers::lowerGraph(around(layer, setting)).ok()) return {setting};
  }
  return {};
}

TEST(Layers, AgreeWithTorch) {
  const test::TempFolder folder;
  Json cases = Json::array();
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layers::comparesOutputs(layer)) continue;  // see losses_test
    const std::vector<Setting> all = settingsOf(layer);
    ASSERT_FALSE(all.empty()) << "No setting for the layer '" << layer.id << "': add one to settings() above.";
    for (size_t i = 0; i < all.size(); ++i)
      for (const DType dtype : {DType::Float32, DType::Float64})
        for (const Mode mode : {Mode::Train, Mode::Eval})
          for (const bool channelsLast : {false, true})
            writeCase(folder.path(),
                      fmt::format("{}_{}_{}_{}{}", layer.id, i, netwright::name(dtype),
                                  mode == Mode::Train ? "train" : "eval", channelsLast ? "_last" : ""),
                      layer, all[i], dtype, mode, channelsLast, cases);
  }
  writeFileAtomic(folder / "cases.json", cases.dump());
  test::expectPeerAgrees("check_layers.py", folder.path());
}

// Differences of sum(output * weight) over small steps against the gradients, in float64 and training mode.
class GradientCheck {
 public:
  GradientCheck(std::string name, const layers::LayerSpec& layer, const Setting& setting)
      : name_(std::move(name)),
        lowered_(layers::lowerGraph(around(layer, setting))),
        network_(lowered_.program, {"cpu", DType::Float64, false}) {
    network_.initialise(kSeed);
    weights_ = network_.weights();
    std::mt19937 generator(7);
    const program::Bindings bindings{{"N", kBatch}};
    const auto sizes = [&](program::ValueId v) {
      return *program::evaluate(lowered_.program.tensorType(v).shape, bindings);
    };
    for (const program::Port& p : lowered_.program.inputs)
      inputs_.push_back(
          inputTensor(lowered_.program.tensorType(p.value), setting, inputs_.size(), DType::Float64, generator));
    for (const program::Port& p : lowered_.program.outputs)
      outputWeights_.push_back(random(DType::Float64, sizes(p.value), generator));
  }

  void run() {
    std::vector<HostTensor> outputs;
    for (const NamedTensor& g : gradientsNow(&outputs)) {
      HostTensor* x = find(g.name);
      ASSERT_TRUE(x) << name_ << ": gradient of an unknown " << g.name;
      const auto step = std::max<size_t>(1, x->as<double>().size() / 7);  // some of the numbers stand for all
      for (size_t i = 0; i < x->as<double>().size(); i += step) compare(g, *x, i);
      ++tensors;
    }
  }
  int tensors = 0;

 private:
  HostTensor* find(const std::string& name) {
    for (size_t i = 0; i < inputs_.size(); ++i)
      if (lowered_.program.inputs[i].name == name) return &inputs_[i];
    for (NamedTensor& w : weights_)
      if (w.name == name) return &w.tensor;
    return nullptr;
  }
  std::vector<NamedTensor> gradientsNow(std::vector<HostTensor>* outputs) {
    engine::Feeds feeds;
    for (const HostTensor& t : inputs_) feeds.push_back(&t);
    return network_.gradients(feeds, outputWeights_, Mode::Train, outputs);
  }
  double objective() {
    network_.setWeights(weights_);
    std::vector<HostTensor> outputs;
    (void)gradientsNow(&outputs);
    double sum = 0;
    for (size_t k = 0; k < outputs.size(); ++k)
      for (size_t i = 0; i < outputs[k].as<double>().size(); ++i)
        sum += outputs[k].as<double>()[i] * outputWeights_[k].as<double>()[i];
    return sum;
  }
  void compare(const NamedTensor& gradient, HostTensor& x, size_t i) {
    constexpr double kStep = 1e-6;
    const double before = x.as<double>()[i];
    x.as<double>()[i] = before + kStep;
    const double above = objective();
    x.as<double>()[i] = before - kStep;
    const double below = objective();
    x.as<double>()[i] = before;
    const double expected = (above - below) / (2 * kStep), found = gradient.tensor.as<double>()[i];
    EXPECT_NEAR(found, expected, 1e-6 * std::max(1.0, std::abs(expected)))
        << name_ << ", " << gradient.name << " at " << i;
  }

  std::string name_;
  layers::Lowered lowered_;
  engine::Network network_;
  std::vector<NamedTensor> weights_;
  std::vector<HostTensor> inputs_;
  std::vector<HostTensor> outputWeights_;
};

// Their gradient is zero or another than the slope by definition.
const std::set<std::string> kNotSmooth{"gaussian_nll", "detach", "max_unpool1d", "max_unpool2d", "max_unpool3d"};

// Some output has a gradient.
bool differentiable(const layers::LayerSpec& layer) {
  static const std::set<std::string> kWhole{"argmax",  "argmin",   "argsort", "any",   "all",
                                            "one_hot", "constant", "arange",  "random"};
  return layer.category != layers::Category::Comparison && !kWhole.contains(layer.id);
}

TEST(Layers, GradientsEqualSmallDifferences) {
  for (const layers::LayerSpec& layer : layers::registry()) {
    if (layers::comparesOutputs(layer) || kNotSmooth.contains(layer.id)) continue;
    const std::vector<Setting> all = settingsOf(layer);
    for (size_t i = 0; i < all.size(); ++i) {
      // By definition some rows get no gradient, or less, or are moved back.
      if (all[i].params.contains("padding_idx") || all[i].params.contains("max_norm") ||
          all[i].params.contains("scale_grad_by_freq"))
        continue;
      GradientCheck check(fmt::format("{} {}", layer.id, i), layer, all[i]);
      check.run();
      EXPECT_TRUE(check.tensors > 0 || !differentiable(layer)) << layer.id << ": no gradient was checked";
    }
  }
}

// The whole digits CNN: initial weights of the modules in their order, to the bit.
TEST(Layers, InitialWeightsOfAWholeNetworkEqualTorchManualSeed) {
  const test::TempFolder folder;
  const graph::Document d = test::chain({1, 28, 28}, {{"conv2d", "conv1", {{"out_channels", int64_t{8}}}},
                                                      {"batch_norm2d", "bn", {}},
                                                      {"relu", "r", {}},
                                                      {"conv2d", "conv2", {{"out_channels", int64_t{4}}}},
                                                      {"flatten", "f", {}},
                                                      {"linear", "fc1", {}},
                                                      {"linear", "fc2", {{"out_features", int64_t{10}}}}});
  engine::Network network(layers::lowerGraph(d).program, {"cpu", DType::Float32, true});
  network.initialise(123);
  writeFileAtomic(folder / "weights.safetensors", safetensorsBytes(network.weights()));
  test::expectPeerAgrees("check_init.py", folder.path());
}

}  // namespace
}  // namespace netwright
