INSERT INTO orders (
    order_id,
    delivery_fee,
    total,
    currency,
    status,
    placed_at
) VALUES (
    @order_id,
    @delivery_fee,
    @total,
    @currency,
    @status,
    @placed_at
);
