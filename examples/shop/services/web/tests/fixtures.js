// What the gateway answers.

export const USER = {
  user_id: 'u1',
  email: 'ada@example.com',
  display_name: 'Ada <Berg>',
  phone: '+4930123456',
  marketing_opt_in: true,
  store_credit: 12,
  created_at: '2024-05-01T08:00:00.000+00:00',
  updated_at: '2024-06-01T09:30:00.000+00:00',
};

export const ORDER = {
  order_id: 'o1',
  status: 'paid',
  total: 2505,
  currency: 'EUR',
  placed_at: '2024-06-02T10:00:00.000+00:00',
};
