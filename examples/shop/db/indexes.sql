-- The indexes that the application's joins and `kura sync` need. Safe to run again.
ALTER TABLE shop.shops
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at);
ALTER TABLE shop.users
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at);
ALTER TABLE shop.orders
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at),
  ADD INDEX IF NOT EXISTS by_user (user_id),
  ADD INDEX IF NOT EXISTS by_shop (shop_id, ordered_at);
ALTER TABLE shop.order_items
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at),
  ADD INDEX IF NOT EXISTS by_order (order_id);
ALTER TABLE shop.funding_offers
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at),
  ADD INDEX IF NOT EXISTS by_shop (shop_id, valid_from);
ALTER TABLE shop.fundings
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at),
  ADD INDEX IF NOT EXISTS by_shop (shop_id, funded_at);
ALTER TABLE shop.payouts
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at),
  ADD INDEX IF NOT EXISTS by_shop (shop_id, period_from);
ALTER TABLE shop.card_payments
  ADD INDEX IF NOT EXISTS by_updated_at (updated_at),
  ADD INDEX IF NOT EXISTS by_order (order_id);
