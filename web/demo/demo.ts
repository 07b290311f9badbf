// The demo page shows the tag as it has to be for this server.
const origin = document.getElementById('origin');
if (origin) origin.textContent = location.origin;

export {};
