// Run the service: `node src/main.js`.
import { join } from 'node:path';

import { gatewayClient } from './gateway.js';
import { createServer } from './server.js';

const { PORT = '8080', GATEWAY_URL = 'http://localhost:8080', DATA = '.' } = process.env;

createServer(gatewayClient(GATEWAY_URL), join(DATA, 'inquiries.jsonl')).listen(Number(PORT));
