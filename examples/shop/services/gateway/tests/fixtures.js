// What the services behind the gateway answer.

export const USER = {
  user_id: 'u1',
  email: 'ada@example.com',
  display_name: 'Ada Berg',
  phone: '+4930123456',
  marketing_opt_in: true,
  store_credit: 12,
  created_at: '2024-05-01T08:00:00.000+00:00',
  updated_at: '2024-06-01T09:30:00.000+00:00',
};

export const ORDER = {
  order_id: 'o1',
  customer: USER,
  items: [{ sku: 'notebook', quantity: 2, unit_price: 1250 }],
  delivery_fee: 0,
  total: 2500,
  currency: 'EUR',
  status: 'paid',
  placed_at: '2024-06-02T10:00:00.000+00:00',
};
