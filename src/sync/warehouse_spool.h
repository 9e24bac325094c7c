// sync/warehouse_spool.h: a source's tables in a warehouse, in schema raw_<source>.
#pragma once
#include <memory>
#include <string>

#include "sync/spool.h"
#include "warehouse/warehouse.h"

namespace kura::sync {

/// The spool of `source` in `warehouse`, which must outlive it.
std::unique_ptr<Spool> MakeWarehouseSpool(const std::string& source,
                                          warehouse::Warehouse& warehouse);

}  // namespace kura::sync
