// Imported before everything else, so that an old Node prints this line instead of a stack trace.
const required = 20;

if (Number(process.versions.node.split('.')[0]) < required) {
  console.error(`sinapse: Node ${required} or newer is needed, this is ${process.versions.node}; get it from https://nodejs.org`);
  process.exit(1);
}
