// Loaded before a program: destroys its first WebGPU device once the program has trained for an epoch, which its first line of output tells.

let device;
let told = false;

const write = process.stdout.write.bind(process.stdout);
process.stdout.write = function (...given) {
  if (!told && String(given[0]).includes('"epoch"')) {
    told = true;
    setTimeout(() => device?.destroy(), 300); // the epoch's checkpoint is written meanwhile
  }
  return write(...given);
};

let adapters;
Object.defineProperty(globalThis, 'GPUAdapter', {
  configurable: true,
  get: () => adapters,
  set(type) {
    adapters = type;
    const { requestDevice } = type.prototype;
    type.prototype.requestDevice = async function (...given) {
      const made = await requestDevice.apply(this, given);
      device ??= made;
      return made;
    };
  },
});
