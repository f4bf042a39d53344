SELECT
    user_id,
    email,
    display_name,
    phone,
    marketing_opt_in,
    store_credit,
    created_at,
    updated_at
FROM users
ORDER BY created_at DESC, user_id;
