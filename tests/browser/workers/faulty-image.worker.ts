// In this order: the faults see every call first.
import './image-faults.ts';
import '../../../src/workers/image.worker.ts';
