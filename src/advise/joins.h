// advise/joins.h: which rows belong to which. Foreign keys say it; where there are none, a name
// such as shop_id does, which is a guess and is called one.
#pragma once
#include "advise/shape.h"

namespace kura::advise {

/// Finds columns without a foreign key whose name says whose key they hold: shop_id and ShopID
/// (a table shops, or one whose name ends so, with one key column), and member_no where another
/// table's key is called member_no. Types must agree, and a name that fits two tables says nothing.
std::vector<std::pair<std::string, Reference>> GuessReferences(const SourceShape& shape);

/// Whether a reference reaches one row of the parent at most: its columns are a key there.
bool IsToOne(const SourceShape& shape, const Reference& reference);

/// Whether what was looked up in the data speaks against a guess: fewer than half were found.
bool IsRefuted(const Reference& reference);

}  // namespace kura::advise
