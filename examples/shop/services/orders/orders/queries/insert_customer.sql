INSERT INTO order_customers (
    order_id,
    user_id,
    email,
    display_name,
    phone,
    marketing_opt_in,
    store_credit,
    created_at,
    updated_at
) VALUES (
    @order_id,
    @user_id,
    @email,
    @display_name,
    @phone,
    @marketing_opt_in,
    @store_credit,
    @created_at,
    @updated_at
);
