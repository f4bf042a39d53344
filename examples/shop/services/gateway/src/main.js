// Run the service: `node src/main.js`.
import { createServer } from './server.js';
import { upstream } from './upstream.js';

const {
  PORT = '8080',
  USERS_URL = 'http://localhost:8081',
  ORDERS_URL = 'http://localhost:8082',
} = process.env;

createServer({ users: upstream(USERS_URL), orders: upstream(ORDERS_URL) }).listen(Number(PORT));
