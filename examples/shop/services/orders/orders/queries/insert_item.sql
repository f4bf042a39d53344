INSERT INTO order_items (order_id, sku, quantity, unit_price)
VALUES (@order_id, @sku, @quantity, @unit_price);
