UPDATE users
SET
    email = @email,
    display_name = @display_name,
    phone = @phone,
    marketing_opt_in = @marketing_opt_in,
    store_credit = @store_credit,
    updated_at = @updated_at
WHERE user_id = @user_id;
