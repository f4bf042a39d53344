import { watch } from './unsaved.js';

watch(document, window);
