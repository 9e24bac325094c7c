// Transactions over any engine.
#include "warehouse/warehouse.h"

namespace kura::warehouse {

Status InTransaction(Connection& connection, const std::function<Status()>& work) {
  TRY_STATUS(connection.Execute("BEGIN TRANSACTION"));
  Status done = work();
  if (done) done = connection.Execute("COMMIT");
  // A COMMIT that fails has ended the transaction by itself, and the error worth telling is the
  // first one, so what ROLLBACK says is of no interest.
  if (!done) (void)connection.Execute("ROLLBACK");
  return done;
}

}  // namespace kura::warehouse
