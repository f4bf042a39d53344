SELECT orders.*
FROM orders
INNER JOIN order_customers ON order_customers.order_id = orders.order_id
WHERE @user_id IS NULL OR order_customers.user_id = @user_id
ORDER BY orders.placed_at DESC, orders.order_id;
