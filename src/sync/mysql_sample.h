// sync/mysql_sample.h: a few rows of a table, and what they show of its values and its clocks.
#pragma once
#include "sync/mysql_connection.h"
#include "sync/mysql_shape.h"

namespace kura::sync {

/// Fills the samples (when wanted), clock pairs and newest values of a table. A table that cannot
/// be read keeps none. Errors: kUnavailable (the connection was lost).
Status SampleMysqlTable(MysqlConnection& connection, bool with_values, TableShape* shape);

/// The offset of a wall clock from an instant of the same row, when it is one that a time zone can
/// have: within a minute of a whole quarter of an hour, from −12 to +14 hours.
std::optional<Micros> PlausibleOffset(Micros wall, Micros instant);

}  // namespace kura::sync
