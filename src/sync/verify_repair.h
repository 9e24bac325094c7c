// sync/verify_repair.h: puts right what a verification found: the rows of the differing keys are
// replaced by those of the snapshot that was compared, in one transaction with their record.
#pragma once
#include "sync/load.h"
#include "sync/source.h"
#include "sync/verify_side.h"

namespace kura::sync {

/// Reads the rows of the differing keys; call it in the snapshot that was compared. Refuses when
/// more rows would be removed than may be without a word, or when they cannot be read by key.
/// Errors: kConflict (refused, with what to do), those of the session.
Result<Loaded> ReadRepair(const VerifyContext& context, Session& session, VerifySide& side,
                          const TableVerdict& verdict);

/// Writes them; call it after side.End(). Errors: kConflict (the table was synced meanwhile, or a
/// sync runs and does not end soon), those of the warehouse.
Status WriteRepair(const VerifyContext& context, VerifySide& side, const Loaded& loaded);

}  // namespace kura::sync
