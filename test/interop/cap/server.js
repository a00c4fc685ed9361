const cds = require("@sap/cds");

// On loopback alone, where it would listen on every interface.
cds.on("bootstrap", (app) => {
  const { listen } = app;
  app.listen = (port) => listen.call(app, port, "127.0.0.1");
});

module.exports = cds.server;
