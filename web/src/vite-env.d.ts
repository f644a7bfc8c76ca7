/// <reference types="vite/client" />
/// <reference lib="dom.asynciterable" />
