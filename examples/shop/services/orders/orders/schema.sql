-- The tables as they should be. A column that an older database lacks is added when the service starts.
CREATE TABLE IF NOT EXISTS orders (
    order_id TEXT PRIMARY KEY,
    delivery_fee INTEGER NOT NULL,
    total INTEGER NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    placed_at TEXT NOT NULL
);

-- The user as it was when the order was placed.
CREATE TABLE IF NOT EXISTS order_customers (
    order_id TEXT PRIMARY KEY REFERENCES orders (order_id),
    user_id TEXT NOT NULL,
    email TEXT NOT NULL,
    display_name TEXT NOT NULL,
    phone TEXT NOT NULL DEFAULT '',
    marketing_opt_in INTEGER NOT NULL DEFAULT 0,
    store_credit INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS order_items (
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS suppliers (
    supplier_id TEXT PRIMARY KEY,
    company TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    lead_days INTEGER NOT NULL
);

CREATE INDEX IF NOT EXISTS order_customers_by_user ON order_customers (user_id);
