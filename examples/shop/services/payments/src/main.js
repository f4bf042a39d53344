// Run the service: `node src/main.js`.
import { join } from 'node:path';

import { createServer } from './server.js';
import { PaymentStore } from './store.js';

const { PORT = '8080', DATA = '.' } = process.env;

createServer(new PaymentStore(join(DATA, 'payments.json'))).listen(Number(PORT));
