// In this order: the faults see every call first.
import './backbone-faults.ts';
import '../../../src/workers/backbone.worker.ts';
