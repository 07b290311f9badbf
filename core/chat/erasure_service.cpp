#include "chat/erasure_service.hpp"

#include <algorithm>

#include "base/ids.hpp"
#include "chat/retry.hpp"
#include "db/erasure_repository.hpp"
#include "db/session_repository.hpp"

namespace livechat {
namespace {

// Few enough that no writer of the conversation waits for long.
constexpr Seq kBatch = 500;
constexpr std::size_t kNameBytes = 15;

}  // namespace

Result<Erased> ErasureService::erase(std::string_view client_id,
                                     bool anonymous,
                                     const std::function<void(std::uint64_t done)>& done) {
    const auto session =
        with_retry([&] { return db::SessionRepository(connection_).find(client_id); });
    if (!session) return fail(ErrorCode::session_not_found, "there is no such session");

    db::ErasureRepository erasure(connection_);
    Erased erased{0, std::string(client_id)};
    for (bool finished = false; !finished;) {
        const Seq first = erased.messages + 1;
        Seq last = 0;
        with_retry([&] {
            db::Transaction transaction(connection_);
            const Seq newest = erasure.lock(session->id).value_or(0);
            last = std::min(erased.messages + kBatch, newest);
            if (first <= last) erasure.erase_messages(session->id, first, last);
            finished = last == newest;
            if (finished) {
                erasure.erase_visitor(session->id);
                erasure.announce(session->id, newest);
                erasure.remember(client_id);
                if (anonymous) {
                    erased.client_id = "erased-" + random_id(kNameBytes);
                    erasure.disown(session->id);
                    erasure.rename(session->id, client_id, erased.client_id);
                }
            }
            transaction.commit();
        });
        erased.messages = last;
        if (done) done(erased.messages);
    }
    if (committed_) committed_();
    return erased;
}

}  // namespace livechat
