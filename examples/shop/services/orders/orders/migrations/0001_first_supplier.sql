INSERT INTO suppliers (supplier_id, company, email, phone, lead_days)
VALUES ('s1', 'Nordic Paper', 'sales@nordic-paper.example', '+4687654321', 4);
