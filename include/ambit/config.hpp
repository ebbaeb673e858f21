// SPDX-License-Identifier: BSL-1.0
// The only place for what depends on the compiler or on the flags of a translation unit.
#pragma once

#include <ambit/version.hpp>

/// AMBIT_EXCEPTIONS: 1 where errors are thrown, 0 under -fno-exceptions, where they go to `ambit::panic`.
#if defined(__cpp_exceptions) && __cpp_exceptions
#define AMBIT_EXCEPTIONS 1
#define AMBIT_DETAIL_EXC throwing
#else
#define AMBIT_EXCEPTIONS 0
#define AMBIT_DETAIL_EXC panicking
#endif

#if defined(EIGEN_DONT_VECTORIZE)
#define AMBIT_DETAIL_ISA scalar
#elif defined(__AVX512F__)
#define AMBIT_DETAIL_ISA avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define AMBIT_DETAIL_ISA avx2_fma
#elif defined(__AVX__)
#define AMBIT_DETAIL_ISA avx
#elif defined(__SSE4_1__)
#define AMBIT_DETAIL_ISA sse4
#elif defined(__SSE2__)
#define AMBIT_DETAIL_ISA sse2
#elif defined(__ARM_NEON)
#define AMBIT_DETAIL_ISA neon
#else
#define AMBIT_DETAIL_ISA scalar
#endif

#if defined(EIGEN_MAX_ALIGN_BYTES)
#define AMBIT_DETAIL_ALIGN EIGEN_MAX_ALIGN_BYTES
#else
#define AMBIT_DETAIL_ALIGN native
#endif

#define AMBIT_DETAIL_JOIN5(a, b, c, d, e) abi_##a##_##b##_##c##_##d##_##e
#define AMBIT_DETAIL_EXPAND5(a, b, c, d, e) AMBIT_DETAIL_JOIN5(a, b, c, d, e)

/// AMBIT_ABI: the inline namespace of everything whose code depends on the flags of a translation unit: evaluation and
/// its kernels. Two libraries built for different vector ISAs meet in one process (audio plug-ins do); without it the
/// dynamic linker merges their instantiations and one runs the other's instructions.
#define AMBIT_ABI                                                                                                 \
  AMBIT_DETAIL_EXPAND5(AMBIT_VERSION_MAJOR, AMBIT_VERSION_MINOR, AMBIT_DETAIL_ISA, AMBIT_DETAIL_ALIGN,             \
                       AMBIT_DETAIL_EXC)

/// AMBIT_LOCAL: not exported from a shared library. A template instantiated on a hidden type is hidden too, so the
/// Eigen functions that ambit instantiates never leave the library that holds them.
#if defined(__GNUC__) && !defined(_WIN32)
#define AMBIT_LOCAL __attribute__((visibility("hidden")))
#else
#define AMBIT_LOCAL
#endif

/// AMBIT_FLATTEN: everything that the function calls is compiled into it. Some of Eigen's functions are neither inline nor
/// templates on a type of ambit's, such as the rational form of tanh; called, they would be symbols that libraries built
/// for different vector ISAs share.
#if defined(__GNUC__)
#define AMBIT_FLATTEN __attribute__((flatten)) AMBIT_LOCAL
#else
#define AMBIT_FLATTEN
#endif

/// AMBIT_INLINE: always compiled into its caller, for what must stay in registers.
#if defined(__GNUC__)
#define AMBIT_INLINE inline __attribute__((always_inline)) AMBIT_LOCAL
#else
#define AMBIT_INLINE inline
#endif

/// AMBIT_NOINLINE: never compiled into its caller, for what is rare beside what must be short.
#if defined(__GNUC__)
#define AMBIT_NOINLINE __attribute__((noinline))
#else
#define AMBIT_NOINLINE
#endif

/// AMBIT_UNROLL, AMBIT_NO_UNROLL: before a loop whose trip count is a small constant and whose arrays must become
/// registers; before a loop over a depth: clang 19 and later unroll it and lose a factor of 1.55.
#if defined(__clang__)
#define AMBIT_UNROLL _Pragma("clang loop unroll(full)")
#define AMBIT_NO_UNROLL _Pragma("clang loop unroll(disable)")
#elif defined(__GNUC__)
#define AMBIT_UNROLL _Pragma("GCC unroll 32")
#define AMBIT_NO_UNROLL _Pragma("GCC unroll 1")
#else
#define AMBIT_UNROLL
#define AMBIT_NO_UNROLL
#endif

/// AMBIT_CONTRACT: at the start of a block whose products may be one rounding with the sums that they go into, wherever these
/// are. g++ does so unasked; clang within one expression only, unless both are in such blocks.
#if defined(__clang__)
#define AMBIT_CONTRACT _Pragma("clang fp contract(fast)")
#else
#define AMBIT_CONTRACT
#endif

/// AMBIT_PACKETS_BEGIN, AMBIT_PACKETS_END: around code that has Eigen's packets as template arguments, as Eigen has. They
/// are vectors of the compiler's, whose attributes g++ says that it ignores there; and its own avx512fintrin.h makes values
/// that are left open by reading them, of which it warns wherever they are inlined.
#if defined(__GNUC__) && !defined(__clang__)
#define AMBIT_PACKETS_BEGIN                                                                                  \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wignored-attributes\"")                  \
      _Pragma("GCC diagnostic ignored \"-Wuninitialized\"") _Pragma("GCC diagnostic ignored \"-Wmaybe-uninitialized\"")
#define AMBIT_PACKETS_END _Pragma("GCC diagnostic pop")
#else
#define AMBIT_PACKETS_BEGIN
#define AMBIT_PACKETS_END
#endif

/// AMBIT_PRINTS_STRINGS: 1 where the compiler's messages print a string that is a template argument as text. clang 14
/// prints the numbers of its characters.
#if defined(__clang__)
#define AMBIT_PRINTS_STRINGS 0
#else
#define AMBIT_PRINTS_STRINGS 1
#endif

/// AMBIT_OPAQUE: a statement after which the compiler knows nothing of a double but its bits, so that it can neither
/// contract (g++ makes a * b + c one rounding under -march=native) nor reorder (-ffast-math) what comes before and behind.
#if defined(__GNUC__) && defined(__SSE2__)
#define AMBIT_OPAQUE(x) __asm__("" : "+x"(x))
#elif defined(__GNUC__) && defined(__aarch64__)
#define AMBIT_OPAQUE(x) __asm__("" : "+w"(x))
#elif defined(__GNUC__)
#define AMBIT_OPAQUE(x) __asm__("" : "+m"(x))
#else
#define AMBIT_OPAQUE(x) static_cast<void>(x)
#endif
