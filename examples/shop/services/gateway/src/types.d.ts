/** What the users service answers. */
export interface User {
  user_id: string;
  email: string;
  display_name: string;
  phone: string;
  marketing_opt_in: boolean;
  store_credit: number;
  created_at: string;
  updated_at: string;
}

/** An order, as short as a list needs it. */
export interface OrderSummary {
  order_id: string;
  status: string;
  total: number;
  currency: string;
  placed_at: string;
}
