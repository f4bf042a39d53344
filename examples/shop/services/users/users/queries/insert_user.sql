INSERT INTO users (
    user_id,
    email,
    display_name,
    phone,
    marketing_opt_in,
    store_credit,
    created_at,
    updated_at
) VALUES (
    @user_id,
    @email,
    @display_name,
    @phone,
    @marketing_opt_in,
    @store_credit,
    @created_at,
    @updated_at
);
