/** `countersign/testing`: tries a store of your own. It brings no test runner and needs none. */
export { ConformanceError } from './core/store/conformance/expect';
export { storeConformance, type ConformanceTest } from './core/store/conformance/storeConformance';
