// Imported by the programs that npm starts. npm runs a script by way of a shell, and passes a signal on to this shell only, which may end without passing
// it on. So when the shell is gone, this process takes it for the signal. (`exec` in the script would do too, but cmd.exe has none.)
const { ppid } = process;

if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') {
  const watch = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  watch.unref();
}
