// SPDX-License-Identifier: Apache-2.0
// How functions that do the arithmetic are compiled. Kernels are code that the plain C++ exporter copies into the files
// it writes (cmake/embed.cmake); each file is whole with those it includes, and knows nothing of Netwright.
#pragma once

namespace netwright::convert::cpp::kernels {

// g++ compiles such a function once for each kind of x86 processor and picks one when the program starts. Elsewhere it
// is kept out of its callers, whose constants would lead the compiler to worse code.
#ifndef NETWRIGHT_KERNEL
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12 && defined(__x86_64__) && defined(__GLIBC__) && \
    defined(__OPTIMIZE__) && !defined(__AVX512F__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NETWRIGHT_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#elif defined(__GNUC__) && !defined(__clang__)
#define NETWRIGHT_KERNEL __attribute__((noipa))
#elif defined(__clang__)
#define NETWRIGHT_KERNEL __attribute__((noinline))
#else
#define NETWRIGHT_KERNEL
#endif
#endif

// Part of the function that calls it, so that it is compiled for the same processor.
#ifndef NETWRIGHT_INLINE
#if defined(__GNUC__)
#define NETWRIGHT_INLINE inline __attribute__((always_inline))
#else
#define NETWRIGHT_INLINE inline
#endif
#endif

}  // namespace netwright::convert::cpp::kernels
