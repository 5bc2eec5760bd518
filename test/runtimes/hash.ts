/** SHA-256 of the weights of the model that program.mjs saves, in every runtime. */
export const HASH = 'bd978eba99c4afdc5839b596ef63f3c70573e633415e33d267c3f85fc53c607b';
