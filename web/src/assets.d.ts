// What Vite imports besides scripts.
/// <reference types="vite/client" />
