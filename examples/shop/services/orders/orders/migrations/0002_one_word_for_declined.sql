UPDATE orders SET status = 'declined' WHERE status = 'refused';
