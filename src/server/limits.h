// server/limits.h: how much the server takes on, in one place. Nothing that a client sends may make
// it grow without bound (invariant 10).
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace kura::server {

inline constexpr std::uint32_t kHeaderBytesMax = 16 * 1024;
inline constexpr std::uint64_t kBodyBytesMax = 1024 * 1024;
inline constexpr std::size_t kBufferBytesMax = kHeaderBytesMax + 64 * 1024;
inline constexpr int kConnectionsMax = 256;
inline constexpr int kConnectionsWaitingMax = 128;  // accepted by the kernel, not yet by us
/// A request must have arrived, and an idle connection is closed, after this time.
inline constexpr std::chrono::seconds kRequestTimeout{30};
/// An answer must have been taken by the client after this time.
inline constexpr std::chrono::seconds kAnswerTimeout{120};
/// After an early answer the rest of the request is read and dropped so long, so that the client
/// sees the answer instead of a reset.
inline constexpr std::chrono::seconds kLingerTimeout{2};
inline constexpr std::size_t kLingerBytesMax = 8 * 1024 * 1024;
/// How often a connection with a running question is asked whether its client is still there.
inline constexpr std::chrono::milliseconds kDisconnectPoll{100};

inline constexpr std::size_t kQuestionsWaitingMax = 32;
inline constexpr std::size_t kCacheBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kCacheEntryBytesMax = 8 * 1024 * 1024;
inline constexpr int kIoThreads = 2;

}  // namespace kura::server
